/**
 * Words in code of another language that reach files, programs or the network. The language is not parsed.
 *
 * @module
 */
const REMOVES =
  /rmtree|remove_tree|\bunlink|\bremove(dirs|Sync)?\s*\((?!\s*\d)|rmdir|rm_rf|rm_r\b|rmSync|\bremoveSync|Deno\.remove|File\.delete|FileUtils|\bDir\.(delete|unlink)|\bfs\S*\.rm\s*\(|\bpromises\.rm\s*\(|\brm\s*\(|Remove-Item|deleteDir|delete-(directory|file)|\bfile\s+delete\b|\btruncate(Sync)?\s*\(/;

const RUNS =
  /\bsystem\s*\(|\bsystem\s+["']|subprocess|popen|(?<!\.)\bexec\w*\s*\(|\.exec\w+\s*\(|\b(os|child_process|cp)\.exec\w*\s*\(|child_process|\bspawn\w*\s*\(|shell_exec|passthru|\beval\s*\(|__import__|\bqx\b|Deno\.Command|Command::new|do shell script|shell-command|call-process|Invoke-Expression|Stop-Computer|Restart-Computer/;

const SENDS =
  /\brequests\.(post|put|patch|delete)|\bhttpx\.(post|put|patch|delete)|\.request\(\s*['"](POST|PUT|PATCH|DELETE)|method['"]?\s*[:=]>?\s*['"](POST|PUT|PATCH|DELETE)|\bHTTP\S*\.(post|put|patch|delete)\b|urlopen|\bfetch\s*\(|smtplib|Invoke-(RestMethod|WebRequest)\b.*-Method/;

/** Any of them. */
export const CODE_WITH_EFFECT = new RegExp(
  [REMOVES, RUNS, SENDS].map(({ source }) => source).join("|"),
);
