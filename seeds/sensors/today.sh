#!/bin/sh
printf "{\"date\":\"%s\"}\n" "$(date +%F)"
