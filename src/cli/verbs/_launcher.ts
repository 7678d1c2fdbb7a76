/**
 * `looop _launcher`: writes the launcher that an installer puts in place where no binary fits.
 *
 * @module
 */
import { textArgument } from "../params.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const launcher = defineVerb<NoFlags, [string]>({
  name: "_launcher",
  group: "hidden",
  brief: "Write one executable file that runs this looop, and print its path",
  example: "looop _launcher /tmp/new",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [textArgument("folder", "where the file goes")],
    },
  },
  async run(_flags, folder) {
    const { ensureLooopBin } = await import("../../profile/self.ts");
    this.print(`${ensureLooopBin(folder)}\n`);
  },
});
