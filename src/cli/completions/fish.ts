/**
 * Completion for fish, 3.0 and newer.
 *
 * @module
 */
import { type CompletedVerb, takesPath } from "./completed_verb.ts";

/** Writes the script. */
export function fishCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of looop for fish. In ~/.config/fish/config.fish: looop config fish | source
function __looop_ids
    set -l words (commandline -poc)
    $words[1] _ids $argv[1] 2>/dev/null
end

# True where the verb itself is to be typed.
function __looop_no_verb
    test (count (commandline -poc)) -eq 1
end

# True behind one of these verbs.
function __looop_verb
    set -l words (commandline -poc)
    test (count $words) -ge 2; and contains -- $words[2] $argv
end

# True where the verb's first argument is to be typed; the arguments are flags that take a value.
function __looop_first
    set -l words (commandline -poc)
    set -l before ''
    for word in $words[3..-1]
        if not string match -q -- '-*' $word; and not contains -- "$before" $argv
            return 1
        end
        set before $word
    end
    return 0
end

complete -c looop -e
complete -c looop -f
complete -c looop -n __looop_no_verb -l json -d 'Print every line as one JSON object'
complete -c looop -n __looop_no_verb -s h -l help -d 'List the verbs'
${verbs.flatMap(describeVerb).join("\n")}
`;
}

function describeVerb({ names, brief, flags, first }: CompletedVerb): readonly string[] {
  const behind = `__looop_verb ${names.join(" ")}`;
  const valued = flags.filter(({ value }) => value !== undefined)
    .flatMap(({ name, short }) => short === undefined ? [name] : [short, name]);
  const isFirst = quote(`${behind}; and __looop_first ${valued.join(" ")}`.trimEnd());
  return [
    ...names.map((name) => `complete -c looop -n __looop_no_verb -a ${name} -d ${quote(brief)}`),
    ...flags.map((flag) => {
      const short = flag.short === undefined ? "" : ` -s ${flag.short.slice(1)}`;
      const value = flag.value === undefined ? "" : takesPath(flag) ? " -r -F" : " -x";
      const long = flag.name.slice(2);
      return `complete -c looop -n ${quote(behind)}${short} -l ${long}${value} -d ${
        quote(flag.brief)
      }`;
    }),
    ...(first.kind === "ids"
      ? [`complete -c looop -n ${isFirst} -k -a '(__looop_ids ${first.list})'`]
      : []),
    ...(first.kind === "words"
      ? [`complete -c looop -n ${isFirst} -a ${quote(first.words.join(" "))}`]
      : []),
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
