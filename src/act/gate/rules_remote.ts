/**
 * What changes things that others see: forges, clusters, clouds, package registries, deployments.
 * Where a tool's readers are few and known they are listed, and everything else asks.
 *
 * @module
 */
import { asks, type GateRule, hasFlag, isDryRun, isHelp, operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";

/** A tool whose calls ask unless their operands match `reads`. */
interface ReadOnlyTool {
  readonly reads: RegExp;
  /** Options before the operands that take the next word. */
  readonly takes?: string;
}

const READS_OF_ANY_CLOUD =
  /(^| )(list|ls|show|status|info|describe|get|get-[\w-]+|logs?|tail|read|view|whoami|version|inspect|print-[\w-]+|search|top|ps|validate|diff|plan|preview)( |$)/;

/** One of these words outweighs a reader's beside it: `apps delete status`. */
const WRITES_OF_ANY_CLOUD =
  /(^| |:)(delete|destroy|create|update|set|add|remove|rm|stop|start|restart|deploy|apply|purge|scale|reset|rollback|promote|put|import|restore|kill|drop|terminate|cancel|disable|enable|patch|invoke|send|publish|exec|run|ssh|push|attach|detach|grant|revoke|up|down)( |$)/;

const ANY_CLOUD: ReadOnlyTool = { reads: READS_OF_ANY_CLOUD };

const TOOLS: Readonly<Record<string, ReadOnlyTool>> = {
  gh: {
    takes: "-R --repo --hostname",
    reads:
      /^(pr|issue|repo|run|release|workflow|gist|label|project|ruleset|cache|secret|variable|org|codespace|extension|alias|gpg-key|ssh-key)( (view|list|ls|status|diff|checks|checkout|watch|download|clone|search|field-list|item-list|check))( |$)|^(search|status|browse|api|version|completion|help)( |$)|^auth (status|token)|^config (get|list)|^$/,
  },
  glab: {
    takes: "-R --repo",
    reads:
      /^(mr|issue|repo|ci|release|label|snippet|pipeline|variable) (view|list|ls|show|diff|checkout|clone|status|trace|get|search|lint)( |$)|^(version|help|check-update)|^auth status|^$/,
  },
  jira: {
    reads:
      /^(issue|epic|sprint|board|project|release) (list|view|ls)|^(me|open|version|help|serverinfo)|^$/,
  },
  kubectl: kubernetes(),
  kubecolor: kubernetes(),
  k: kubernetes(),
  oc: kubernetes(),
  k3s: kubernetes(),
  helm: {
    takes: "-n --namespace --kube-context --kubeconfig",
    reads:
      /^(list|ls|status|get|history|show|inspect|search|template|lint|version|env|dependency|dep|verify|pull|fetch|create|package|completion|help)( |$)|^repo (list|update|add|index)|^$/,
  },
  terraform: terraform(),
  tofu: terraform(),
  terragrunt: terraform(),
  pulumi: {
    takes: "-C --cwd -s --stack",
    reads:
      /^(preview|pre|whoami|version|about|logs|help|login)( |$)|^stack( (ls|output|graph|history|select)|$)|^config( get|$)|^$/,
  },
  // Without a word it deploys.
  vercel: {
    takes: "-S --scope -t --token --cwd",
    reads:
      /^(dev|ls|list|logs?|inspect|whoami|help|login|link|pull|build|teams? ls|switch|(env|domains|dns|certs|project|secrets) (ls|list|pull|inspect))( |$)/,
  },
  aws: {
    takes: "--profile --region --output --query --endpoint-url --cli-read-timeout",
    reads:
      /^[\w-]+ (describe|list|get|head|lookup|search|batch-get|filter|estimate|preview|validate|detect|select|view|scan|query|wait|simulate|help)([-\w]*)( |$)|^s3 (ls|presign)( |$)|^configure (list|get|set)|^eks update-kubeconfig|^logs start-query|^logs (tail|filter-log-events)|^(sso login|help)|^$/,
  },
};

const CLOUDS =
  /^(gcloud|az|doctl|heroku|fly|flyctl|netlify|wrangler|supabase|firebase|render|railway|linode-cli|hcloud|scw|ibmcloud|oci|exo|eksctl|argocd|flux|nomad|consul|vault|cf|eb|copilot|sam|cdk|sls|serverless|gsutil|bq|mc|rclone|s3cmd|b2|ansible|stripe|auth0|okta|linear|acli|databricks|snow|confluent|ngrok)$/;

/** What stays on this machine although its words say otherwise: servers for development, settings, builds. */
const LOCAL_CALLS: Readonly<Record<string, RegExp>> = {
  gcloud: /^(config set|auth login)( |$)/,
  az: /^(login|account set)( |$)/,
  heroku: /^(config:get|login|local)( |$)/,
  netlify: /^(dev|build|login|link)( |$)/,
  wrangler: /^(dev|types|login)( |$)/,
  firebase: /^(emulators:start|serve|login)( |$)/,
  supabase: /^(start|stop|status|login)$/,
  sam: /^(build|local invoke|local start-api)( |$)/,
  cdk: /^(synth|synthesize)( |$)/,
  serverless: /^(offline|package)( |$)/,
  sls: /^(offline|package)( |$)/,
  stripe: /^(listen|login)( |$)/,
  vault: /^login( |$)/,
  consul: /^members( |$)/,
};

const READS_OF_COPIERS =
  /^(ls[a-z]*|cat|stat|du|size|about|version|check|md5sum|tree|info|config show)( |$)/;

/** `publish`, `deploy` … as a word of a task's name: `npm run deploy:prod`, `make release`. */
const IRREVERSIBLE_TASK =
  /(^|[-_:./])(deploy|undeploy|redeploy|publish|release|ship|rollback|destroy|teardown|drop|reset|migrate|upload|promote|purge|wipe|nuke|prod|production)([-_:./]|$)/i;

/** `build:prod` builds, `release:notes` reads, `test_deploy` tests. */
function isIrreversibleTask(written: string): boolean {
  const name = written.replace(/\.([cm]?[jt]s|py|rb|pl|php|(ba|z)?sh)$/, "");
  if (!IRREVERSIBLE_TASK.test(name)) return false;
  if (
    /^(tests?|spec)[_:.]|[-_:.](tests?|spec|notes|status|dry|dry-run|check|list|plan)$/i.test(name)
  ) return false;
  const isLocal = /^(build|start|dev|serve|watch|lint|check|bench|docs|preview|e2e)[-_:.]/i.test(
    name,
  );
  return !isLocal ||
    IRREVERSIBLE_TASK.test(
      name.replace(/(?<=[-_:./])(prod|production|release)(?=[-_:./]|$)/gi, "-"),
    );
}

/** Calls of task runners that only show, or build and test. */
function onlyShows(program: string, words: readonly string[]): boolean {
  if (/^g?make$/.test(program)) return hasFlag(words, "nq", "just-print", "dry-run", "question");
  if (program === "just") return hasFlag(words, "lsn", "show", "list", "summary");
  if (program === "rake" || program === "rails") return hasFlag(words, "TPn", "tasks", "dry-run");
  if (program === "bazel") return /^(build|test|query|cquery|info|coverage)$/.test(words[0] ?? "");
  return program === "dotnet" && /^(build|test|run|restore|format)$/.test(words[0] ?? "");
}

const TASK_RUNNERS =
  /^(make|gmake|just|task|rake|invoke|inv|fab|cap|mage|gradle|gradlew|mvn|mvnw|ant|sbt|lein|bazel|nx|turbo|grunt|gulp|rails|composer|mix|dotnet|nox|tox|ansible-playbook)$/;

export const REMOTE_RULES: readonly GateRule[] = [
  asks("remote-change", ({ program, words }) => {
    const tool = Object.hasOwn(TOOLS, program) ? TOOLS[program]! : undefined;
    if (tool === undefined && !CLOUDS.test(program)) return false;
    if (isHelp(words) || isDryRun(words)) return false;
    const line = operands(words, tool?.takes ?? "").join(" ");
    if (program === "gh" && line.startsWith("api")) return isWritingGhApi(words);
    if (program === "aws" && /^s3 (cp|sync)( |$)/.test(line)) return isUploadToS3(line, words);
    // What would be run in the pod is judged by itself.
    if (/^(kubectl|kubecolor|oc)$/.test(program) && line.startsWith("exec ")) {
      const at = words.indexOf("--");
      const isShellAlone = /^(ba|z|da|k)?sh$/.test(taskName(words[at + 1] ?? "")) &&
        !words.slice(at).some((word) => /^-\w*c/.test(word));
      return at === -1 || isShellAlone;
    }
    if (Object.hasOwn(LOCAL_CALLS, program) && LOCAL_CALLS[program]!.test(line)) return false;
    if (/^(rclone|s3cmd|gsutil|mc|b2)$/.test(program)) return !READS_OF_COPIERS.test(line);
    if (tool === undefined && WRITES_OF_ANY_CLOUD.test(line)) return true;
    return (line !== "" || program === "vercel") && !(tool ?? ANY_CLOUD).reads.test(line);
  }),
  asks("container", ({ program, words }) => {
    if (!/^(docker|podman|nerdctl|docker-compose|buildah|skopeo|crane|oras)$/.test(program)) {
      return false;
    }
    const line = operands(
      words,
      "--context -c -H --host --config -l --log-level -f --file -p --project-name",
    )
      .join(" ");
    if (
      hasFlag(words, "", "privileged", "push") ||
      /(^|\s)(-v|--volume)[= ]?\/:/.test(words.join(" "))
    ) return true;
    return /^((compose )?down|(compose )?rm|(image |container |builder |buildx )?(rm|rmi|prune|push|remove)|rmi|system prune|(volume|network|secret|config|context|plugin|node) (rm|remove|prune)|stack (deploy|rm|up|down)|service (rm|update|create|scale|rollback)|swarm|manifest push|compose (down|rm|push)|copy|delete|append|attach)( |$)/
      .test(line) &&
      !isHelp(words) && !(program.startsWith("docker") && /^(attach|copy)/.test(line));
  }),
  asks(
    "publish",
    (command) => isPublishing(command) && !isDryRun(command.words) && !isHelp(command.words),
  ),
  asks("deploy", (command) => {
    const { program, words } = command;
    // A script of one's own may not know --dry-run.
    if (isHelp(words) || (isDryRun(words) && TASK_RUNNERS.test(program))) return false;
    if (isIrreversibleTask(taskName(program))) {
      return /[./]/.test(command.writtenAs) || /^(deploy|publish|release)$/.test(program);
    }
    if (/^(ba|z|da|k)?sh$|^(source|\.|python[\d.]*|node|ruby|perl)$/.test(program)) {
      const script = operands(words)[0] ?? "";
      return !/\s/.test(script) && isIrreversibleTask(taskName(script)) &&
        !words.includes("-c") && !words.includes("-n");
    }
    if (program === "ansible-playbook") {
      return !words.some((word) => /^(-C|--check|--syntax-check|--list-\w+)$/.test(word));
    }
    if (/^(npm|pnpm|yarn|bun|deno)$/.test(program)) {
      const [verb = "", task = ""] = operands(words, "-w --workspace --prefix -C --filter --cwd");
      const isRun = /^(run|run-script|task|rum)$/.test(verb);
      return isIrreversibleTask(isRun ? task : /^(yarn|pnpm|bun)$/.test(program) ? verb : "");
    }
    if (
      /^(manage\.py|django-admin|alembic|prisma|knex|sequelize|flyway|liquibase|dbmate|goose|atlas|drizzle-kit)$/
        .test(program)
    ) {
      if (READS_MIGRATIONS.test(words.join(" "))) return false;
      return operands(words).some((word) =>
        /^(migrate|migrate:.*|flush|upgrade|downgrade|reset|deploy|push|drop|clean|rollback|update|down|up|apply|db:.*)$/
          .test(word)
      );
    }
    return TASK_RUNNERS.test(program) && !onlyShows(program, words) &&
      operands(words, "-C -f -j --directory").some((word) => isIrreversibleTask(word));
  }),
];

function kubernetes(): ReadOnlyTool {
  return {
    takes:
      "-n --namespace --context --kubeconfig --cluster --user -s --server -o --output -l --selector",
    reads:
      /^(kubectl )?(get|describe|logs?|top|explain|version|api-resources|api-versions|cluster-info|diff|events|wait|status|completion|help|options|kustomize)( |$)|^config (view|get-\w+|current-context|use-context|set-context)|^cp \S+:\S+ [^:\s]+$|^(port-forward|proxy|plugin list)( |$)|^auth (can-i|whoami)|^rollout (status|history)|^$/,
  };
}

function terraform(): ReadOnlyTool {
  return {
    takes: "",
    reads:
      /^(plan|validate|fmt|init|show|output|version|providers|graph|get|test|console|help|login|hclfmt)( |$)|^state (list|show|pull)|^workspace (list|show|select)|^$/,
  };
}

function isWritingGhApi(words: readonly string[]): boolean {
  const text = words.join(" ");
  if (/(^| )graphql( |$)/.test(text)) return /\bmutation\b|query=@|--input/.test(text);
  const method = /(?:^| )(?:-X ?|--method[ =])(\w+)/.exec(text)?.[1]?.toUpperCase();
  if (method !== undefined) return method !== "GET";
  return hasFlag(words, "fF", "field", "raw-field", "input");
}

function isUploadToS3(line: string, words: readonly string[]): boolean {
  return words.some((word) => word.startsWith("--delete")) ||
    (line.split(" ").at(-1) ?? "").startsWith("s3://") ||
    !line.includes("s3://");
}

/** `prisma migrate status`, `knex migrate:list`, `manage.py migrate --plan`. */
const READS_MIGRATIONS =
  /^migrate[ :](status|list|diff|currentVersion)( |$)|^(db )?(status|history|current|heads)( |$)|^migrate\b.* --(plan|check)( |$)|^(upgrade|downgrade)\b.* --sql( |$)/;

function taskName(path: string): string {
  return path.replace(/^.*\//, "");
}

/** program -> its publishing operands. */
const PUBLISHERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(npm|pnpm|yarn|bun)$/,
    /(^| )(publish|unpublish|deprecate|npm publish|owner (add|rm)|access (?!list|ls)|dist-tags? (add|rm)|token (create|revoke)|team)( |$)/,
  ],
  [/^cargo$/, /^(\+\S+ )?(publish|yank|owner|release)( |$)/],
  [/^(python[\d.]*)$/, /^(setup\.py|twine) .*\b(upload|register)\b/],
  [/^(twine|luarocks|cabal)$/, /^upload( |$)/],
  [
    /^(poetry|uv|flit|hatch|pdm|deno|jsr|lerna|changeset|nx|dart|flutter|pub|vsce|ovsx|conan|wasm-pack|spack)$/,
    /(^| )publish( |$)/,
  ],
  [/^gem$/, /^(push|yank|owner)( |$)/],
  [/^(nuget|dotnet)$/, /(^| )(push|delete)( |$)/],
  [
    /^(mvn|mvnw|gradle|gradlew|sbt)$/,
    /(^| )(deploy|release:\w+|publish\w*|uploadArchives|nexus\S*)( |$)/,
  ],
  [/^pod$/, /^(trunk|repo) (push|delete|deprecate)/],
  [/^mix$/, /^hex\.(publish|retire)/],
  [/^helm$/, /^push( |$)/],
  [/^goreleaser$/, /^(release|publish)/],
  [/^(semantic-release|release-it|np|standard-version|release-please)$/, /^/],
  [/^(conda|anaconda)$/, /^upload( |$)/],
  [/^(huggingface-cli|hf)$/, /^(upload|repo|delete)/],
  [/^(snapcraft)$/, /^(upload|release|push|close)/],
];

function isPublishing({ program, words }: SimpleCommand): boolean {
  const line = operands(words, "--registry --tag --access --otp").join(" ");
  if (program === "goreleaser" && words.includes("--snapshot")) return false;
  if (
    /^(npm|pnpm|yarn|bun)$/.test(program) &&
    /^((search|find|help|docs|info|view|show|why|explain|outdated) |team ls)/.test(line)
  ) return false;
  if (program === "cargo" && /^owner$/.test(line) && hasFlag(words, "l", "list")) return false;
  return PUBLISHERS.some(([name, call]) => name.test(program) && call.test(line)) ||
    (/^python[\d.]*$/.test(program) &&
      /-m (twine upload|flit publish|hatch publish)/.test(words.join(" ")));
}
