/**
 * The compiled binary as a stranger has it: another name, another folder, no checkout, a bare PATH.
 *
 * @module
 */
import { join } from "node:path";
import { Home, type Ran } from "./home.ts";

/** Installs the binary under an odd name in an odd folder, and runs it with next to no environment. */
export class Installed extends Home {
  readonly bin: string;

  constructor(binary: string) {
    super("the data");
    const folder = join(this.dir, `it's my "bin"`);
    this.bin = join(folder, "loop the loop");
    Deno.mkdirSync(folder);
    Deno.copyFileSync(binary, this.bin);
  }

  /** Prepares a run of the binary. */
  command(...args: readonly string[]): Deno.Command {
    return new Deno.Command(this.bin, {
      args: [...args],
      cwd: this.dir,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: {
        HOME: this.dir,
        PATH: "/usr/bin:/bin",
        LOOOP_DATA_DIR: this.dataDir,
        LOOOP_CONFIG: this.configPath,
      },
    });
  }

  /** Runs the binary to its end. */
  async run(...args: readonly string[]): Promise<Ran> {
    const { code, stdout, stderr } = await this.command(...args).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, stderr: err! };
  }
}
