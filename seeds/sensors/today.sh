#!/bin/sh
# The date, so that a new day wakes the loop: the signal changes once a day, the detail never counts.
LC_ALL=C exec date '+{"signal":{"date":"%Y-%m-%d","weekday":"%A"},"detail":{"time":"%H:%M","utc_offset":"%z"}}'
