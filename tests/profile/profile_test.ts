import { match, throws } from "node:assert/strict";
import { LooopError } from "../../src/base/errors.ts";
import { openProfile, requireProfile } from "../../src/profile/profile.ts";
import { Home } from "../helpers/home.ts";

Deno.test("requireProfile() tells a missing folder from a file in its place", () => {
  using home = new Home();
  home.write("../file", "");
  const table: readonly (readonly [path: string, says: RegExp, hint: RegExp])[] = [
    [`${home.dir}/nothing`, /no profile at \S+\/nothing$/, /run `looop` to create it/],
    [`${home.dir}/file`, /\/file: it is a file, not a folder$/, /^set LOOOP_DATA_DIR/],
    [`${home.dir}/file/in`, /\/file\/in: a part of that path is a file/, /^set LOOOP_DATA_DIR/],
  ];
  for (const [path, says, hint] of table) {
    const profile = openProfile((name) => name === "LOOOP_DATA_DIR" ? path : undefined);
    throws(() => requireProfile(profile), (error: unknown) => {
      if (!(error instanceof LooopError)) return false;
      match(error.message, says);
      match(error.hint, hint);
      return true;
    });
  }
});
