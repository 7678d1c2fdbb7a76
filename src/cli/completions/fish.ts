/**
 * Completion for fish, 3.0 and newer.
 *
 * @module
 */
import { type CompletedVerb, type Offer, takesPath } from "./completed_verb.ts";

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

# True where the verb's argument between these two numbers is to be typed, the first being 1; the other
# words are flags that take a value.
function __looop_argument
    set -l words (commandline -poc)
    set -l before ''
    set -l at 1
    for word in $words[3..-1]
        if not string match -q -- '-*' $word; and not contains -- "$before" $argv[3..-1]
            set at (math $at + 1)
        end
        set before $word
    end
    test $at -ge $argv[1]; and test $at -le $argv[2]
end

complete -c looop -e
complete -c looop -f
complete -c looop -n __looop_no_verb -l json -d 'Print every line as one JSON object'
complete -c looop -n __looop_no_verb -s h -l help -d 'List the verbs'
${verbs.flatMap(describeVerb).join("\n")}
`;
}

/** More arguments than anyone types. */
const MANY = 9999;

function describeVerb({ names, brief, flags, first, later }: CompletedVerb): readonly string[] {
  const behind = `__looop_verb ${names.join(" ")}`;
  const valued = flags.filter(({ value }) => value !== undefined)
    .flatMap(({ name, short }) => short === undefined ? [name] : [short, name]);
  const offered = (from: number, to: number, offer: Offer) => {
    const place = `${behind}; and __looop_argument ${from} ${to} ${valued.join(" ")}`.trimEnd();
    const start = `complete -c looop -n ${quote(place)}`;
    if (offer.kind === "ids") return [`${start} -k -a '(__looop_ids ${offer.list})'`];
    return offer.kind === "words" ? [`${start} -a ${quote(offer.words.join(" "))}`] : [];
  };
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
    ...offered(1, 1, first),
    ...(later ? offered(later.at, later.onwards ? MANY : later.at, later.offer) : []),
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
