/**
 * All verbs, in the order in which `looop --help` lists them.
 *
 * @module
 */
import type { Verb } from "./verb.ts";
import { cost_ } from "./verbs/_cost.ts";
import { demoDecide } from "./verbs/_demo_decide.ts";
import { fmt } from "./verbs/_fmt.ts";
import { ids } from "./verbs/_ids.ts";
import { launcher } from "./verbs/_launcher.ts";
import { pulse } from "./verbs/_pulse.ts";
import { superviseVerb } from "./verbs/_supervise.ts";
import { answer } from "./verbs/answer.ts";
import { ask } from "./verbs/ask.ts";
import { asks } from "./verbs/asks.ts";
import { attach } from "./verbs/attach.ts";
import { config } from "./verbs/config.ts";
import { cost } from "./verbs/cost.ts";
import { demo } from "./verbs/demo.ts";
import { detach } from "./verbs/detach.ts";
import { doctor } from "./verbs/doctor.ts";
import { expect } from "./verbs/expect.ts";
import { flag } from "./verbs/flag.ts";
import { help } from "./verbs/help.ts";
import { journal } from "./verbs/journal.ts";
import { key } from "./verbs/key.ts";
import { kill } from "./verbs/kill.ts";
import { log } from "./verbs/log.ts";
import { ls } from "./verbs/ls.ts";
import { prune } from "./verbs/prune.ts";
import { resize } from "./verbs/resize.ts";
import { restart } from "./verbs/restart.ts";
import { run } from "./verbs/run.ts";
import { send } from "./verbs/send.ts";
import { shot } from "./verbs/shot.ts";
import { startSession } from "./verbs/start_session.ts";
import { status } from "./verbs/status.ts";
import { tick } from "./verbs/tick.ts";
import { unflag } from "./verbs/unflag.ts";
import { version } from "./verbs/version.ts";
import { wait } from "./verbs/wait.ts";
import { waitIdle } from "./verbs/wait_idle.ts";
import { watch } from "./verbs/watch.ts";
import { why } from "./verbs/why.ts";

export const VERBS: readonly Verb[] = [
  run,
  tick,
  status,
  why,
  demo,
  startSession,
  ls,
  watch,
  attach,
  detach,
  shot,
  log,
  send,
  key,
  expect,
  wait,
  waitIdle,
  resize,
  restart,
  kill,
  flag,
  unflag,
  prune,
  asks,
  answer,
  ask,
  journal,
  cost,
  doctor,
  config,
  help,
  version,
  cost_,
  demoDecide,
  fmt,
  ids,
  launcher,
  pulse,
  superviseVerb,
];
