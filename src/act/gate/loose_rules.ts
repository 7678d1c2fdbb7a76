/**
 * Shapes of irreversible commands in any text: for what the parser cannot read, and for what is typed
 * into an agent, where quotes protect nothing. Plain patterns without nested repetition, so that a
 * megabyte costs milliseconds.
 *
 * @module
 */

/** One loose shape. */
export interface LooseRule {
  readonly verdict: "ask" | "deny";
  readonly name: string;
  readonly pattern: RegExp;
}

export const LOOSE_RULES: readonly LooseRule[] = [
  loose(
    "deny",
    "delete-everything",
    /\brm\s+(-[\w-]+\s+){1,6}(--\s+)?(\/|~|\$HOME|\$\{HOME\})\/?\*?(?=[\s;&|"'`)]|$)/,
  ),
  loose(
    "deny",
    "write-to-disk-device",
    /(>\s*|\bof=)\/dev\/(sd[a-z]|nvme\d|disk\d|rdisk\d|mmcblk\d|vd[a-z])/,
  ),
  loose("deny", "format-disk", /\bmkfs(\.\w+)?\s+[^\s]*\/dev\//),
  loose(
    "deny",
    "download-into-shell",
    /\b(curl|wget)\b[^\n|;&]{0,500}\|\s*(sudo\s+)?(ba|z|da|k)?sh\b/,
  ),
  loose("ask", "delete-files", /\brm\s+-\w*[rRf]/),
  loose("ask", "git-push", /\bgit\s[^\n;&|]{0,200}?\bpush\b/),
  loose(
    "ask",
    "git-rewrite",
    /\bgit\s[^\n;&|]{0,200}?\b(reset\s+--hard|clean\s+-\w*f|rebase|filter-branch|branch\s+-D)/,
  ),
  loose(
    "ask",
    "remote-change",
    /\bgh\s+(pr\s+(merge|comment|close|review|create)|issue\s+(close|comment|create|delete)|release\s+(create|delete|upload)|repo\s+(delete|create))/,
  ),
  loose(
    "ask",
    "remote-change",
    /\b(kubectl|oc)\s+(apply|delete|create|patch|replace|scale|drain)\b|\b(terraform|tofu)\s+(apply|destroy)\b/,
  ),
  loose(
    "ask",
    "publish",
    /\b((npm|pnpm|yarn|cargo|deno|jsr|poetry|uv)\s+publish|twine\s+upload|gem\s+push|docker\s+push)\b/,
  ),
  loose("ask", "database", /\b(drop\s+(table|database|schema)|truncate\s+table|delete\s+from)\b/i),
  loose(
    "ask",
    "http-write",
    /\bcurl\b[^\n]{0,500}?\s(-X\s*|--request[ =])(POST|PUT|PATCH|DELETE)\b/,
  ),
];

function loose(verdict: LooseRule["verdict"], name: string, pattern: RegExp): LooseRule {
  return { verdict, name, pattern };
}
