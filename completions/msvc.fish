# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_msvc_global_optspecs
    string join \n C/directory= q/quiet v/verbose output= color= y/yes no-progress h/help V/version
end

function __fish_msvc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_msvc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_msvc_using_subcommand
    set -l cmd (__fish_msvc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c msvc -n "__fish_msvc_needs_command" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_needs_command" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_needs_command" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_needs_command" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_needs_command" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_needs_command" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_needs_command" -s V -l version -d 'Print version'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "new" -d 'Make a service from a template, or a system from a blueprint'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "add" -d 'Extend a service: its msvc.yaml, code, migrations and tests'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "up" -d 'Build and run the project on this machine'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "build" -d 'Build the services\' images, and push them'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "templates" -d 'List the templates, or show one with its variables'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "blueprints" -d 'List the blueprints of systems, or show one with its services and variables'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "graph" -d 'Draw the services, their calls, events and stores'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "render" -d 'Print the Kubernetes objects of an environment'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "diff" -d 'Show what a deploy would change, field by field; exit code 3 where that is anything'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "deploy" -d 'Bring an environment to what the project says: apply, prune, wait, explain'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "status" -d 'Tell how an environment stands'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "logs" -d 'Print what the pods write, of all services together'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "events" -d 'Print what the cluster tells of the project\'s objects'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "forward" -d 'Lead a port of this machine to a service in the cluster'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "scale" -d 'Give a service another number of pods, until the next deploy'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "secret" -d 'Set or list the Secrets that the project refers to'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "history" -d 'List the deploys of an environment'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "rollback" -d 'Go back to an earlier deploy: all of its objects again'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "delete" -d 'Take a project out of an environment: exactly what was applied'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "ci" -d 'Write a pipeline that tests, builds and deploys with msvc'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "man" -d 'Print a man page'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "schema" -d 'Print the JSON Schema of msvc.yaml or of a command\'s JSON output'
complete -c msvc -n "__fish_msvc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand new" -s t -l template -d 'A built-in template (`msvc templates`), a folder, or a repository: URL#REF:SUBDIR' -r
complete -c msvc -n "__fish_msvc_using_subcommand new" -s b -l blueprint -d 'Make a system of several services from a blueprint: a built-in one (`msvc blueprints`), a folder or a repository' -r
complete -c msvc -n "__fish_msvc_using_subcommand new" -s s -l set -d 'Answer one of the questions (`msvc templates show NAME`, `msvc blueprints show NAME`); may be repeated' -r
complete -c msvc -n "__fish_msvc_using_subcommand new" -l answers -d 'Take answers from a YAML file' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand new" -l into -d 'Make the new folder in this one' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand new" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand new" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand new" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand new" -l no-git -d 'No git repository'
complete -c msvc -n "__fish_msvc_using_subcommand new" -l up -d 'Run it here as soon as it is made'
complete -c msvc -n "__fish_msvc_using_subcommand new" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand new" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand new" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand new" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -f -a "entity" -d 'Add an entity to a service, or fields to one that it has'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -f -a "dependency" -d 'Let a service of a system call another one'
complete -c msvc -n "__fish_msvc_using_subcommand add; and not __fish_seen_subcommand_from entity dependency help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l dry-run -d 'Only list the files that would be made or changed'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l write-conflicts -d 'Where your changes and the new ones exclude each other, write both with conflict markers'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l allow-data-loss -d 'Let migrations drop columns and tables that are no longer declared'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from entity" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l service -d 'The service that calls it; default: that whose folder this is' -r
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l dry-run -d 'Only list the files that would be made or changed'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l write-conflicts -d 'Where your changes and the new ones exclude each other, write both with conflict markers'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from dependency" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from help" -f -a "entity" -d 'Add an entity to a service, or fields to one that it has'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from help" -f -a "dependency" -d 'Let a service of a system call another one'
complete -c msvc -n "__fish_msvc_using_subcommand add; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand up" -l port -d 'Port of the service on this machine; 0 takes a free one' -r
complete -c msvc -n "__fish_msvc_using_subcommand up" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand up" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand up" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand up" -l watch -d 'Build what changes, and start it anew'
complete -c msvc -n "__fish_msvc_using_subcommand up" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand up" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand up" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand up" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand build" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -l layout -d 'Write the images into a folder, as OCI image layouts (builder native)' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand build" -l archive -d 'Write the images into a file, as `docker save` does (builder native)' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand build" -l sbom -d 'Write what the image is made of into a file: CycloneDX, as JSON; by Cargo.lock where the builder is docker' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand build" -l tag -d 'Tag instead of the one from git; may be given several times' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -l builder -d 'What builds the images; default: what msvc.yaml says, or docker' -r -f -a "docker\t'The Docker engine, from the Dockerfile'
native\t'cargo on this machine and no engine: the binary becomes a layer on its base'"
complete -c msvc -n "__fish_msvc_using_subcommand build" -l platform -d 'Platform to build for, for example linux/amd64; default: the engine\'s own' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -l build-arg -d 'Argument of the Dockerfile; without a value, the environment\'s (builder docker)' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -l secret -d 'Secret that steps of the Dockerfile may read: id=NAME,src=FILE or id=NAME,env=VARIABLE (builder docker)' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -l target -d 'Stage of the Dockerfile to build up to (builder docker)' -r
complete -c msvc -n "__fish_msvc_using_subcommand build" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand build" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand build" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand build" -l push -d 'Push the images to their registry'
complete -c msvc -n "__fish_msvc_using_subcommand build" -l force -d 'Overwrite releases: tags such as v1.2.0 that stand for something else in the registry'
complete -c msvc -n "__fish_msvc_using_subcommand build" -l no-cache -d 'Run all steps again (builder docker)'
complete -c msvc -n "__fish_msvc_using_subcommand build" -l pull -d 'Look base images up again (builder docker)'
complete -c msvc -n "__fish_msvc_using_subcommand build" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand build" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand build" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand build" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand build" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'Show a template\'s variables with their defaults'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a template\'s variables with their defaults'
complete -c msvc -n "__fish_msvc_using_subcommand templates; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'Show a blueprint\'s services and variables'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a blueprint\'s services and variables'
complete -c msvc -n "__fish_msvc_using_subcommand blueprints; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand graph" -l format -d 'Form of the picture [default: mermaid; json with --output json]' -r -f -a "mermaid\t'A flowchart for Markdown'
svg\t'An image'
json\t'The facts alone'"
complete -c msvc -n "__fish_msvc_using_subcommand graph" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand graph" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand graph" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand graph" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand graph" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand graph" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand graph" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand render" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand render" -l format -d 'Form of the objects [default: yaml; json on standard output with --output json]' -r -f -a "yaml\t'One YAML document per object'
json\t'One JSON document, a List'
kustomize\t'A kustomization: a base, and an overlay for each environment (-e: only that one)'
helm\t'A Helm chart whose values are numbers of pods, images, resources and hosts'"
complete -c msvc -n "__fish_msvc_using_subcommand render" -l out -d 'Write a file per object into this folder; only files that `render` wrote are overwritten or removed' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand render" -l images -d 'Take images from what `msvc build --output json` printed (`-`: standard input); else they are named by git\'s tag' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand render" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand render" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand render" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand render" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand render" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand render" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand render" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand diff" -l image -d 'Image to deploy, for a single service' -r
complete -c msvc -n "__fish_msvc_using_subcommand diff" -l images -d 'Images to deploy: what `msvc build --output json` wrote' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand diff" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand diff" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l image -d 'Image to deploy, for a single service' -r
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l images -d 'Images to deploy: what `msvc build --output json` wrote' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l timeout -d 'How long to wait until all services run, for example 90s or 5m' -r
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l build -d 'Build and push the images that are not in their registry yet'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l dry-run -d 'Validate on the server, show what would be done, and change nothing'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l rollback-on-failure -l atomic -d 'Go back to the last revision that came to run, where this one does not'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l force-conflicts -d 'Take over fields that someone else set'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l skip-preflight -d 'Don\'t look first for what would keep it from running: rights, quota, Secrets, images and the like'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand deploy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand status" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand status" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand status" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand status" -s w -l watch -d 'Show it anew whenever it changes, until Ctrl-C'
complete -c msvc -n "__fish_msvc_using_subcommand status" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand status" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand status" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand status" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand logs" -l since -d 'Only what was written within this time, for example 10m' -r
complete -c msvc -n "__fish_msvc_using_subcommand logs" -l tail -d 'Only the last N lines of each pod' -r
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand logs" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand logs" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s f -l follow -d 'Go on with what is written from now on, by pods that come later too'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand events" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand events" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand events" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand events" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand events" -s f -l follow -d 'Go on with those that come from now on'
complete -c msvc -n "__fish_msvc_using_subcommand events" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand events" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand events" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand events" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand forward" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand forward" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand forward" -l management -d 'Lead to the management port (health, metrics) instead of the API'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand forward" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand scale" -l timeout -d 'How long to wait until the pods are ready, for example 90s or 5m' -r
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand scale" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand scale" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand scale" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand scale" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -f -a "set" -d 'Set a key of a Secret; the value comes from standard input, or is asked for'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -f -a "list" -d 'List the Secrets that the project refers to, and whether they exist'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and not __fish_seen_subcommand_from set list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set a key of a Secret; the value comes from standard input, or is asked for'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the Secrets that the project refers to, and whether they exist'
complete -c msvc -n "__fish_msvc_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand history" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand history" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand history" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand history" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand history" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand history" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand history" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand history" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l timeout -d 'How long to wait until all services run, for example 90s or 5m' -r
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l dry-run -d 'Validate on the server, show what would be done, and change nothing'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l force-conflicts -d 'Take over fields that someone else set'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l skip-preflight -d 'Don\'t look first for what would keep it from running'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s e -l environment -d 'Environment of msvc.yaml; may be left out where there is only one' -r
complete -c msvc -n "__fish_msvc_using_subcommand delete" -l timeout -d 'How long to wait until everything is gone, for example 90s or 5m' -r
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand delete" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand delete" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand delete" -l prune-data -d 'Delete volume claims and their data too, and the namespace if msvc made it'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand ci" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand ci" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand ci" -l print -d 'Print it, and write nothing'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -l force -d 'Write over a file that says something else'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand ci" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand completions" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand completions" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand completions" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand completions" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand completions" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand completions" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand man" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand man" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand man" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand man" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand man" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand man" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand schema" -s C -l directory -d 'Work in this folder' -r -F
complete -c msvc -n "__fish_msvc_using_subcommand schema" -l output -d 'Form of results on standard output' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c msvc -n "__fish_msvc_using_subcommand schema" -l color -d 'When to use colours' -r -f -a "auto\t'On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say'
always\t'Always'
never\t'Never'"
complete -c msvc -n "__fish_msvc_using_subcommand schema" -s q -l quiet -d 'Print results and errors only'
complete -c msvc -n "__fish_msvc_using_subcommand schema" -s v -l verbose -d 'Print more; repeat for even more'
complete -c msvc -n "__fish_msvc_using_subcommand schema" -s y -l yes -d 'Never prompt: take defaults, and go ahead where a question would be asked'
complete -c msvc -n "__fish_msvc_using_subcommand schema" -l no-progress -d 'Plain lines instead of moving progress'
complete -c msvc -n "__fish_msvc_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "new" -d 'Make a service from a template, or a system from a blueprint'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "add" -d 'Extend a service: its msvc.yaml, code, migrations and tests'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "up" -d 'Build and run the project on this machine'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "build" -d 'Build the services\' images, and push them'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "templates" -d 'List the templates, or show one with its variables'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "blueprints" -d 'List the blueprints of systems, or show one with its services and variables'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "graph" -d 'Draw the services, their calls, events and stores'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "render" -d 'Print the Kubernetes objects of an environment'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "diff" -d 'Show what a deploy would change, field by field; exit code 3 where that is anything'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "deploy" -d 'Bring an environment to what the project says: apply, prune, wait, explain'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "status" -d 'Tell how an environment stands'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "logs" -d 'Print what the pods write, of all services together'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "events" -d 'Print what the cluster tells of the project\'s objects'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "forward" -d 'Lead a port of this machine to a service in the cluster'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "scale" -d 'Give a service another number of pods, until the next deploy'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "secret" -d 'Set or list the Secrets that the project refers to'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "history" -d 'List the deploys of an environment'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "rollback" -d 'Go back to an earlier deploy: all of its objects again'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "delete" -d 'Take a project out of an environment: exactly what was applied'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "ci" -d 'Write a pipeline that tests, builds and deploys with msvc'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "completions" -d 'Print the completion script for a shell'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "man" -d 'Print a man page'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "schema" -d 'Print the JSON Schema of msvc.yaml or of a command\'s JSON output'
complete -c msvc -n "__fish_msvc_using_subcommand help; and not __fish_seen_subcommand_from new add up build templates blueprints graph render diff deploy status logs events forward scale secret history rollback delete ci completions man schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from add" -f -a "entity" -d 'Add an entity to a service, or fields to one that it has'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from add" -f -a "dependency" -d 'Let a service of a system call another one'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from templates" -f -a "show" -d 'Show a template\'s variables with their defaults'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from blueprints" -f -a "show" -d 'Show a blueprint\'s services and variables'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "set" -d 'Set a key of a Secret; the value comes from standard input, or is asked for'
complete -c msvc -n "__fish_msvc_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "list" -d 'List the Secrets that the project refers to, and whether they exist'
