/**
 * Completion for bash, 3.2 (macOS) and newer.
 *
 * @module
 */
import { type CompletedVerb, type Offer, singleQuote, takesPath } from "./completed_verb.ts";

/** Writes the script. */
export function bashCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of looop for bash. In ~/.bashrc: eval "$(looop config bash)"
_looop() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local words='' flags='' values='' paths='' ids='' arguments=0 at word
  local later=0 last=0 later_words='' later_ids=''
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    words=${singleQuote([...verbs.flatMap(({ names }) => names), "--help", "--json"].join(" "))}
    [[ $cur == -* ]] || words=\${words%% --*}
  else
    case \${COMP_WORDS[1]} in
${verbs.map(verbCase).join("\n")}
      *) return ;;
    esac
    [[ " $paths " == *" $prev "* ]] && { compopt -o default 2>/dev/null; return; }
    [[ " $values " == *" $prev "* ]] && return
    for ((at = 2; at < COMP_CWORD; at++)); do
      word=\${COMP_WORDS[at]}
      [[ $word == -- ]] && return
      [[ $word == -* || " $values " == *" \${COMP_WORDS[at - 1]} "* ]] || arguments=$((arguments + 1))
    done
    if [[ $cur == -* ]]; then
      words=$flags ids=''
    elif ((arguments > 0)); then
      ((arguments + 1 >= later && arguments + 1 <= last)) || return
      words=$later_words ids=$later_ids
    fi
    if [[ -n $ids ]]; then
      compopt -o nosort 2>/dev/null
      while IFS=$'\\t' read -r word _; do words+=" $word"; done < <("\${COMP_WORDS[0]/#\\~/$HOME}" _ids "$ids" 2>/dev/null)
    fi
  fi
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -W "$words" -- "$cur")
}
complete -F _looop looop
`;
}

/** More arguments than anyone types. */
const MANY = 9999;

function offer(prefix: string, offered: Offer): readonly string[] {
  if (offered.kind === "ids") return [`${prefix}ids=${offered.list}`];
  return offered.kind === "words" ? [`${prefix}words=${singleQuote(offered.words.join(" "))}`] : [];
}

function verbCase({ names, flags, first, later }: CompletedVerb): string {
  const valued = flags.filter(({ value }) => value !== undefined);
  const spell = (list: typeof flags) =>
    list.flatMap(({ name, short }) => short === undefined ? [name] : [short, name]).join(" ");
  const settings = [
    `flags=${singleQuote(flags.map(({ name }) => name).join(" "))}`,
    ...(valued.length > 0 ? [`values=${singleQuote(spell(valued))}`] : []),
    ...(valued.some(takesPath) ? [`paths=${singleQuote(spell(valued.filter(takesPath)))}`] : []),
    ...offer("", first),
    ...(later === undefined ? [] : [
      `later=${later.at} last=${later.onwards ? MANY : later.at}`,
      ...offer("later_", later.offer),
    ]),
  ];
  return `      ${names.join(" | ")}) ${settings.join(" ")} ;;`;
}
