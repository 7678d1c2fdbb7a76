/**
 * Tells SQL that changes something from SQL that reads.
 *
 * @module
 */
const WRITES =
  /(^|\s)\.(read|restore|import|shell|system)\b|\b(drop|truncate|delete|update|insert|alter|replace|grant|revoke|create|merge|vacuum|reindex)\b(?!\s*\()|\b(call\s+\w|exec(ute)?\b|copy\s+\S+\s+from\b|copy\b[^;]*\b(from|to)\s+program\b|refresh\s+materialized|pg_(terminate|cancel)_backend|lo_unlink|dblink)/i;

/** Statements of MySQL, and of the shells around a database, that stand at a beginning. */
const WRITES_AT_START =
  /(^|[;\s])(rename\s+(table|user)|load\s+(data|xml)|purge\s+(binary|master)|reset\s+(master|slave|replica|persist)|shutdown|kill\s+\d|system\s+\S|flush\s+\w|set\s+(global|password|persist)|do\s+(\$|language))|\\(!|i\b|ir\b|o\b|copy\b|gexec\b|w\b)/i;

/** Tells whether `text`, a client's words or its input, changes anything. */
export function writesSql(text: string): boolean {
  // What `\!` or a dot command runs may stand in quotes; what a reader compares with does as well.
  if (WRITES_AT_START.test(text)) return true;
  const withoutStrings = text.includes("\\") ? text : text.replace(/'(?:[^']|'')*'/g, "''");
  const statements = withoutStrings.split(";").filter((statement) =>
    !(/\bexplain\b/i.test(statement) && !/\banaly[sz]e\b/i.test(statement))
  );
  return WRITES.test(statements.join(";").replace(/\bshow\s+create\b/gi, "show"));
}
