/**
 * `looop version`.
 *
 * @module
 */
import { VERSION } from "../../base/version.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const version = defineVerb<NoFlags, []>({
  name: "version",
  aliases: ["--version", "-V"],
  group: "setup",
  brief: "Print the version",
  example: "looop version",
  parameters: {},
  run() {
    this.print(`looop ${VERSION}\n`);
  },
});
