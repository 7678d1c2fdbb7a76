/**
 * Completion for zsh, to be evaluated or put into a file `_looop` on the fpath.
 *
 * @module
 */
import type { FlagDoc } from "../parameter_docs.ts";
import { type CompletedVerb, type Offer, singleQuote, takesPath } from "./completed_verb.ts";

/** Writes the script. */
export function zshCompletion(verbs: readonly CompletedVerb[]): string {
  const described = verbs.flatMap(({ names, brief }) =>
    names.map((name) => `    ${singleQuote(`${name}:${brief.replaceAll(":", "\\:")}`)}`)
  );
  return `#compdef looop
# Completion of looop for zsh. In ~/.zshrc: eval "$(looop config zsh)"
_looop_ids() {
  local -a ids descriptions
  local id note
  while IFS=$'\\t' read -r id note; do
    ids+=("$id")
    descriptions+=("$id  $note")
  done < <("$program" _ids "$1" 2>/dev/null)
  compadd -V ids -l -d descriptions -a ids
}

_looop() {
  local program=\${words[1]/#\\~/$HOME}
  local -a verbs=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then
      _arguments '--json[Print every line as one JSON object]' '(- *)'{-h,--help}'[List the verbs]'
    else
      _describe -t verbs verb verbs
    fi
    return
  fi
  words=("\${(@)words[2,-1]}")
  (( CURRENT-- ))
  case $words[1] in
${verbs.map(verbCase).join("\n")}
  esac
}

if [[ \${funcstack[1]-} == _looop ]]; then
  _looop "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _looop looop
fi
`;
}

function verbCase({ names, flags, first, later }: CompletedVerb): string {
  const specs = [
    ...flags.map(flagSpec),
    ...offerSpec("1", first),
    ...(later ? offerSpec(later.onwards ? "*" : String(later.at), later.offer) : []),
    ...(later?.onwards ? [] : ["'*: : '"]),
  ];
  return `    ${names.join("|")}) _arguments -s ${specs.join(" ")} ;;`;
}

function offerSpec(place: string, offer: Offer): readonly string[] {
  if (offer.kind === "ids") return [`'${place}: : _looop_ids ${offer.list}'`];
  return offer.kind === "words" ? [`'${place}: :(${offer.words.join(" ")})'`] : [];
}

function flagSpec(flag: FlagDoc): string {
  const { name, short, value, brief } = flag;
  const note = brief.replaceAll(/[\\[\]]/g, (character) => `\\${character}`);
  const taken = value === undefined ? "" : takesPath(flag) ? `:${value}:_files` : `:${value}: `;
  const spec = singleQuote(`[${note}]${taken.replaceAll(/,/g, " ")}`);
  return short === undefined
    ? `${singleQuote(name)}${spec}`
    : `'(${short} ${name})'{${short},${name}}${spec}`;
}
