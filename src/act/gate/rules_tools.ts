/**
 * Tools of which a few words change something for good: one row each, everything else of theirs is let
 * through.
 *
 * @module
 */
import { asks, type GateRule, isDryRun, isHelp } from "./rule.ts";

/** Name of the rule, program, and what its words joined by spaces look like where a yes is needed. */
type Call = readonly [rule: string, program: RegExp, call: RegExp];

const FORGES: readonly Call[] = [
  [
    "remote-change",
    /^tea$/,
    /^(pr|prs|pulls?|issues?|releases?|repos?) (merge|m|close|reopen|create|c|delete|rm|edit|approve|reject|review)\b/,
  ],
  [
    "remote-change",
    /^lab$/,
    /^(mr|issue|snippet|project) (merge|close|create|note|edit|approve|rebase|delete)\b/,
  ],
  ["other-push", /^git-lfs$/, /^(push|prune|migrate)\b/],
  ["other-push", /^git-review$/, /^/],
  ["other-push", /^repo$/, /^(upload|abandon|prune)\b/],
  ["git-rewrite", /^gh$/, /^pr checkout\b.* (--force|-f)\b/],
  [
    "git-rewrite",
    /^hg$/,
    /^((up|update|checkout|co)\b.* (-C|--clean)\b|(strip|purge|rollback|revert|histedit)\b)/,
  ],
  ["git-rewrite", /^svn$/, /^revert\b/],
];

const DEPLOYERS: readonly Call[] = [
  ["deploy", /^surge$/, /^(?!(list|whoami|login|plus)\b)/],
  ["deploy", /^gh-pages$/, /^/],
  ["deploy", /^eas$/, /^(submit|update|(channel|branch):delete)\b/],
  ["deploy", /^expo$/, /^(publish|upload|submit)\b/],
  [
    "deploy",
    /^fastlane$/,
    /^(?!(.* )?(lanes|list|docs|env|actions?|init|tests?|lint|build|scan|screenshots)\b)/,
  ],
  ["deploy", /^xcrun$/, /^(altool|notarytool)\b.*(upload|submit)/],
  ["deploy", /^sst$/, /^(deploy|remove|secret (set|remove))\b/],
  ["deploy", /^chalice$/, /^(deploy|delete)\b/],
  ["deploy", /^zappa$/, /^(deploy|update|undeploy|rollback)\b/],
  ["deploy", /^convex$/, /^(deploy|import|env (set|remove))\b/],
  ["deploy", /^deployctl$/, /^(deploy|(projects?|deployments?) delete)\b/],
  ["deploy", /^clasp$/, /^(push|deploy|undeploy|create-deployment)\b/],
  ["deploy", /^amplify$/, /^(push|publish|delete|env remove)\b/],
  ["deploy", /^shopify$/, /(^| )(push|deploy|delete|publish|release)( |$)/],
  ["deploy", /^kamal$/, /(^| )(deploy|redeploy|rollback|remove|setup|reboot|stop|boot)( |$)/],
  ["deploy", /^dokku$/, /:(destroy|unlink|remove|unset|set|clear|stop|restart|rebuild)\b/],
  ["deploy", /^pm2$/, /^(delete|del|kill|stop|deploy|restart|reload|flush|unstartup)\b/],
  ["service", /^supervisorctl$/, /^(stop|restart|shutdown|remove|reload)\b/],
];

const REGISTRIES: readonly Call[] = [
  ["publish", /^npm$/, /^(pub|unpub|hook (add|rm|update)|org (rm|set)|profile set)\b/],
  ["publish", /^maturin$/, /^(publish|upload)\b/],
  ["publish", /^rebar3$/, /^hex (publish|retire|revert|owner)\b/],
  ["publish", /^stack$/, /^upload\b/],
  ["publish", /^(opam|nimble|shards|dub)$/, /^publish\b/],
  ["publish", /^choco$/, /^push\b/],
  ["publish", /^cargo$/, /^smart-release\b.*--execute\b/],
  ["publish", /^release-plz$/, /^release\b(?!-)/],
  ["publish", /^auto$/, /^(shipit|release|canary|next|publish)\b/],
  ["publish", /^web-ext$/, /^sign\b/],
  ["publish", /^chrome-webstore-upload$/, /^(upload|publish)?( |$)/],
  ["publish", /^swift$/, /^package-registry publish\b/],
  ["publish", /^balena$/, /^(push|deploy)\b/],
];

const MACHINES: readonly Call[] = [
  ["remote-change", /^helmfile$/, /(^| )(destroy|delete|apply|sync)( |$)/],
  ["remote-change", /^skaffold$/, /^(delete|run|deploy|apply)\b/],
  ["remote-change", /^(kind|minikube)$/, /^delete\b/],
  ["remote-change", /^k3d$/, /^(cluster|node|registry) (delete|rm)\b/],
  ["remote-change", /^tilt$/, /^down\b/],
  ["remote-change", /^kubeadm$/, /^(reset|upgrade apply|init|join)\b/],
  ["container", /^vagrant$/, /^(destroy|box remove|snapshot (delete|restore)|halt (-f|--force))\b/],
  [
    "container",
    /^(lxc|incus)$/,
    /^((image|snapshot|storage|network) )?(delete|rm|rebuild|restore)\b/,
  ],
  [
    "container",
    /^virsh$/,
    /(^| )(destroy|undefine|reset|shutdown|reboot|(vol|pool|snapshot|net)-(delete|wipe|destroy|undefine))( |$)/,
  ],
  ["container", /^(multipass|limactl)$/, /^(delete|purge|rm|factory-reset)\b/],
  [
    "container",
    /^VBoxManage$/i,
    /^(unregistervm|closemedium .*--delete|snapshot \S+ (delete|restore)|controlvm \S+ (poweroff|reset))\b/,
  ],
  ["container", /^(qm|pct)$/, /^(destroy|stop|reset|rollback)\b/],
  ["container", /^crictl$/, /^(rmi?|rmp|stopp?)\b/],
  [
    "container",
    /^ctr$/,
    /\b(i|images?|c|containers?|t|tasks?|snapshots?) (rm|remove|delete|kill|prune)\b/,
  ],
  ["container", /^podman$/, /^(pod (rm|prune|kill)|machine (rm|reset)|system reset|kube down)\b/],
  [
    "container",
    /^(docker|buildx)$/,
    /\bimagetools create\b|\bbuild\b.*(type=registry|push=true)|^(trust (sign|revoke)|plugin push|node (update|rm))\b/,
  ],
  [
    "container",
    /^(crane|oras|regctl)$/,
    /^((manifest|tag|blob|repo|image) )?(cp|copy|tag|mutate|delete|push|rm)\b/,
  ],
  ["container", /^skopeo$/, /^sync\b/],
];

const STORES: readonly Call[] = [
  ["database", /^mongoimport$/, /^/],
  ["database", /^etcdctl$/, /(^| )(del|put|snapshot restore|compact|member (remove|add))( |$)/],
  ["database", /^zkCli(\.sh)?$/, /(^| )(deleteall|delete|rmr|set|create)( |$)/],
  ["database", /^kafka-(topics|configs|acls)(\.sh)?$/, /--(delete|create|alter|remove)\b/],
  ["database", /^kafka-consumer-groups(\.sh)?$/, /--execute\b|--delete\b/],
  [
    "database",
    /^rabbitmqctl$/,
    /(^| )(delete_\w+|reset|force_reset|purge_queue|stop|stop_app|clear_\w+|set_\w+|add_\w+|forget_cluster_node)( |$)/,
  ],
  ["database", /^rabbitmqadmin$/, /(^| )(delete|purge|publish|declare)( |$)/],
  ["database", /^nats$/, /(^| )(rm|del|delete|purge|pub|publish|put)( |$)/],
  ["database", /^nodetool$/, /(^| )(decommission|removenode|drain|clearsnapshot|assassinate)( |$)/],
  ["database", /^pg_(dropcluster|resetwal)$/, /^/],
  ["database", /^pg_ctl$/, /(^| )(stop|restart|promote|kill)( |$)/],
  ["database", /^manage\.py$/, /^(flush|reset_db|migrate|loaddata)\b(?!.* --(plan|check)\b)/],
  [
    "database",
    /^artisan$/,
    /^(migrate(:(fresh|reset|refresh|rollback))?|db:(wipe|seed)|queue:(clear|flush))( |$)(?!.*--pretend)/,
  ],
  [
    "database",
    /^console$/,
    /^doctrine:(database:drop|schema:(drop|update)|migrations:(migrate|execute)|query|fixtures:load)\b(?!.*--dump-sql)/,
  ],
  ["database", /^flask$/, /(^| )db (downgrade|upgrade|stamp)( |$)/],
  ["database", /^typeorm$/, /^(schema:(drop|sync)|migration:(run|revert))\b/],
  ["database", /^sequelize-cli$/, /^db:(drop|migrate|migrate:undo\S*|seed\S*)( |$)/],
  [
    "database",
    /^wp$/,
    /^(db (reset|drop|import|query|clean)|\w+ (delete|uninstall)|search-replace(?!.*--dry-run))\b/,
  ],
  [
    "database",
    /^drush$/,
    /^(sql[-:](drop|query|sync|create)|sqlq|site[-:]install|si|updb|updatedb|cim|config[-:]import|entity[-:]delete|pm[-:]uninstall)\b/,
  ],
  ["database", /^hasura$/, /^(migrate apply|metadata (apply|clear)|seeds? apply|deploy)\b/],
];

const KEEPERS: readonly Call[] = [
  ["backup", /^restic$/, /(^| )(forget|prune|rewrite|key remove)( |$)/],
  ["backup", /^borg$/, /(^| )(delete|prune|compact|recreate)( |$)/],
  ["backup", /^kopia$/, /(^| )(delete|expire|repository disconnect)( |$)/],
  ["backup", /^(s5cmd|s4cmd)$/, /(^| )(rm|mv|del|put)( |$)|--delete\b/],
  ["backup", /^azcopy$/, /^(remove|rm|sync)\b|^(copy|cp)\b.* https:\S+( -.*)?$/],
  ["backup", /^duplicity$/, /(^| )(remove-\S+|cleanup)( |$)/],
  ["backup", /^tarsnap$/, /(^| )(-d|--nuke|--fsck-prune)\b/],
  [
    "backup",
    /^(snapper|timeshift|rdiff-backup)$/,
    /(^| )(delete|--delete\S*|--remove-older-than|--restore)( |$)/,
  ],
  ["backup", /^certbot$/, /^(revoke|delete)\b/],
  ["secrets", /^gpg2?$/, /--(delete-\S*keys?|send-keys|quick-revoke\S*)\b/],
  ["secrets", /^(pass|gopass)$/, /^(rm|remove|delete|git push)\b/],
  ["secrets", /^op$/, /^(item|vault|document|user|group) (delete|edit|create)\b/],
  ["secrets", /^bw$/, /^(delete|edit|create)\b/],
  ["secrets", /^secret-tool$/, /^clear\b/],
  ["delete-files", /^g?tar$/, /(^| )--remove-files\b/],
  ["delete-files", /^zip$/, /(^| )(-[a-zA-Z]*m[a-zA-Z]*|--move)( |$)/],
  ["delete-files", /^7z[ar]?$/, /(^| )-sdel\b/],
  ["delete-files", /^rar$/, /^m\b/],
];

const CALLS = [
  ...FORGES,
  ...DEPLOYERS,
  ...REGISTRIES,
  ...MACHINES,
  ...STORES,
  ...KEEPERS,
];

export const TOOL_RULES: readonly GateRule[] = [...new Set(CALLS.map(([rule]) => rule))].map(
  (rule) => {
    const calls = CALLS.filter(([each]) => each === rule);
    return asks(rule, ({ program, words }) => {
      const isCalled = (name: string, rest: readonly string[]) =>
        calls.some(([, names, call]) => names.test(name) && call.test(rest.join(" "))) &&
        !isHelp(words) && !isDryRun(words);
      return isCalled(program, words) || isCalledByInterpreter(program, words, isCalled);
    });
  },
);

/** `python manage.py flush` and `php artisan x` are calls of the script as well. */
function isCalledByInterpreter(
  program: string,
  words: readonly string[],
  isCalled: (name: string, rest: readonly string[]) => boolean,
): boolean {
  if (!/^(python[\d.]*|php|ruby|node)$/.test(program)) return false;
  const at = words.findIndex((word) => !word.startsWith("-"));
  return at !== -1 && isCalled(words[at]!.replace(/^.*\//s, ""), words.slice(at + 1));
}
