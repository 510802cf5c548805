
use builtin;
use str;

set edit:completion:arg-completer[msvc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'msvc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'msvc'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand new 'Make a service from a template, or a system from a blueprint'
            cand add 'Extend a service: its msvc.yaml, code, migrations and tests'
            cand up 'Build and run the project on this machine'
            cand build 'Build the services'' images, and push them'
            cand templates 'List the templates, or show one with its variables'
            cand blueprints 'List the blueprints of systems, or show one with its services and variables'
            cand graph 'Draw the services, their calls, events and stores'
            cand render 'Print the Kubernetes objects of an environment'
            cand diff 'Show what a deploy would change, field by field; exit code 3 where that is anything'
            cand deploy 'Bring an environment to what the project says: apply, prune, wait, explain'
            cand status 'Tell how an environment stands'
            cand logs 'Print what the pods write, of all services together'
            cand events 'Print what the cluster tells of the project''s objects'
            cand forward 'Lead a port of this machine to a service in the cluster'
            cand scale 'Give a service another number of pods, until the next deploy'
            cand secret 'Set or list the Secrets that the project refers to'
            cand history 'List the deploys of an environment'
            cand rollback 'Go back to an earlier deploy: all of its objects again'
            cand delete 'Take a project out of an environment: exactly what was applied'
            cand ci 'Write a pipeline that tests, builds and deploys with msvc'
            cand completions 'Print the completion script for a shell'
            cand man 'Print a man page'
            cand schema 'Print the JSON Schema of msvc.yaml or of a command''s JSON output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;new'= {
            cand -t 'A built-in template (`msvc templates`), a folder, or a repository: URL#REF:SUBDIR'
            cand --template 'A built-in template (`msvc templates`), a folder, or a repository: URL#REF:SUBDIR'
            cand -b 'Make a system of several services from a blueprint: a built-in one (`msvc blueprints`), a folder or a repository'
            cand --blueprint 'Make a system of several services from a blueprint: a built-in one (`msvc blueprints`), a folder or a repository'
            cand -s 'Answer one of the questions (`msvc templates show NAME`, `msvc blueprints show NAME`); may be repeated'
            cand --set 'Answer one of the questions (`msvc templates show NAME`, `msvc blueprints show NAME`); may be repeated'
            cand --answers 'Take answers from a YAML file'
            cand --into 'Make the new folder in this one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --no-git 'No git repository'
            cand --up 'Run it here as soon as it is made'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;add'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand entity 'Add an entity to a service, or fields to one that it has'
            cand dependency 'Let a service of a system call another one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;add;entity'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --dry-run 'Only list the files that would be made or changed'
            cand --write-conflicts 'Where your changes and the new ones exclude each other, write both with conflict markers'
            cand --allow-data-loss 'Let migrations drop columns and tables that are no longer declared'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;add;dependency'= {
            cand --service 'The service that calls it; default: that whose folder this is'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --dry-run 'Only list the files that would be made or changed'
            cand --write-conflicts 'Where your changes and the new ones exclude each other, write both with conflict markers'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;add;help'= {
            cand entity 'Add an entity to a service, or fields to one that it has'
            cand dependency 'Let a service of a system call another one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;add;help;entity'= {
        }
        &'msvc;add;help;dependency'= {
        }
        &'msvc;add;help;help'= {
        }
        &'msvc;up'= {
            cand --port 'Port of the service on this machine; 0 takes a free one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --watch 'Build what changes, and start it anew'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;build'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --layout 'Write the images into a folder, as OCI image layouts (builder native)'
            cand --archive 'Write the images into a file, as `docker save` does (builder native)'
            cand --sbom 'Write what the image is made of into a file: CycloneDX, as JSON; by Cargo.lock where the builder is docker'
            cand --tag 'Tag instead of the one from git; may be given several times'
            cand --builder 'What builds the images; default: what msvc.yaml says, or docker'
            cand --platform 'Platform to build for, for example linux/amd64; default: the engine''s own'
            cand --build-arg 'Argument of the Dockerfile; without a value, the environment''s (builder docker)'
            cand --secret 'Secret that steps of the Dockerfile may read: id=NAME,src=FILE or id=NAME,env=VARIABLE (builder docker)'
            cand --target 'Stage of the Dockerfile to build up to (builder docker)'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --push 'Push the images to their registry'
            cand --force 'Overwrite releases: tags such as v1.2.0 that stand for something else in the registry'
            cand --no-cache 'Run all steps again (builder docker)'
            cand --pull 'Look base images up again (builder docker)'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;templates'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show a template''s variables with their defaults'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;templates;show'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;templates;help'= {
            cand show 'Show a template''s variables with their defaults'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;templates;help;show'= {
        }
        &'msvc;templates;help;help'= {
        }
        &'msvc;blueprints'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show a blueprint''s services and variables'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;blueprints;show'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;blueprints;help'= {
            cand show 'Show a blueprint''s services and variables'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;blueprints;help;show'= {
        }
        &'msvc;blueprints;help;help'= {
        }
        &'msvc;graph'= {
            cand --format 'Form of the picture [default: mermaid; json with --output json]'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;render'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --format 'Form of the objects [default: yaml; json on standard output with --output json]'
            cand --out 'Write a file per object into this folder; only files that `render` wrote are overwritten or removed'
            cand --images 'Take images from what `msvc build --output json` printed (`-`: standard input); else they are named by git''s tag'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;diff'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --image 'Image to deploy, for a single service'
            cand --images 'Images to deploy: what `msvc build --output json` wrote'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;deploy'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --image 'Image to deploy, for a single service'
            cand --images 'Images to deploy: what `msvc build --output json` wrote'
            cand --timeout 'How long to wait until all services run, for example 90s or 5m'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --build 'Build and push the images that are not in their registry yet'
            cand --dry-run 'Validate on the server, show what would be done, and change nothing'
            cand --rollback-on-failure 'Go back to the last revision that came to run, where this one does not'
            cand --atomic 'Go back to the last revision that came to run, where this one does not'
            cand --force-conflicts 'Take over fields that someone else set'
            cand --skip-preflight 'Don''t look first for what would keep it from running: rights, quota, Secrets, images and the like'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;status'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -w 'Show it anew whenever it changes, until Ctrl-C'
            cand --watch 'Show it anew whenever it changes, until Ctrl-C'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;logs'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --since 'Only what was written within this time, for example 10m'
            cand --tail 'Only the last N lines of each pod'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -f 'Go on with what is written from now on, by pods that come later too'
            cand --follow 'Go on with what is written from now on, by pods that come later too'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;events'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -f 'Go on with those that come from now on'
            cand --follow 'Go on with those that come from now on'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;forward'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --management 'Lead to the management port (health, metrics) instead of the API'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;scale'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --timeout 'How long to wait until the pods are ready, for example 90s or 5m'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;secret'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set 'Set a key of a Secret; the value comes from standard input, or is asked for'
            cand list 'List the Secrets that the project refers to, and whether they exist'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;secret;set'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;secret;list'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;secret;help'= {
            cand set 'Set a key of a Secret; the value comes from standard input, or is asked for'
            cand list 'List the Secrets that the project refers to, and whether they exist'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;secret;help;set'= {
        }
        &'msvc;secret;help;list'= {
        }
        &'msvc;secret;help;help'= {
        }
        &'msvc;history'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;rollback'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --timeout 'How long to wait until all services run, for example 90s or 5m'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --dry-run 'Validate on the server, show what would be done, and change nothing'
            cand --force-conflicts 'Take over fields that someone else set'
            cand --skip-preflight 'Don''t look first for what would keep it from running'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;delete'= {
            cand -e 'Environment of msvc.yaml; may be left out where there is only one'
            cand --environment 'Environment of msvc.yaml; may be left out where there is only one'
            cand --timeout 'How long to wait until everything is gone, for example 90s or 5m'
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --prune-data 'Delete volume claims and their data too, and the namespace if msvc made it'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;ci'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand --print 'Print it, and write nothing'
            cand --force 'Write over a file that says something else'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;completions'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;man'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;schema'= {
            cand -C 'Work in this folder'
            cand --directory 'Work in this folder'
            cand --output 'Form of results on standard output'
            cand --color 'When to use colours'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more; repeat for even more'
            cand --verbose 'Print more; repeat for even more'
            cand -y 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --yes 'Never prompt: take defaults, and go ahead where a question would be asked'
            cand --no-progress 'Plain lines instead of moving progress'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'msvc;help'= {
            cand new 'Make a service from a template, or a system from a blueprint'
            cand add 'Extend a service: its msvc.yaml, code, migrations and tests'
            cand up 'Build and run the project on this machine'
            cand build 'Build the services'' images, and push them'
            cand templates 'List the templates, or show one with its variables'
            cand blueprints 'List the blueprints of systems, or show one with its services and variables'
            cand graph 'Draw the services, their calls, events and stores'
            cand render 'Print the Kubernetes objects of an environment'
            cand diff 'Show what a deploy would change, field by field; exit code 3 where that is anything'
            cand deploy 'Bring an environment to what the project says: apply, prune, wait, explain'
            cand status 'Tell how an environment stands'
            cand logs 'Print what the pods write, of all services together'
            cand events 'Print what the cluster tells of the project''s objects'
            cand forward 'Lead a port of this machine to a service in the cluster'
            cand scale 'Give a service another number of pods, until the next deploy'
            cand secret 'Set or list the Secrets that the project refers to'
            cand history 'List the deploys of an environment'
            cand rollback 'Go back to an earlier deploy: all of its objects again'
            cand delete 'Take a project out of an environment: exactly what was applied'
            cand ci 'Write a pipeline that tests, builds and deploys with msvc'
            cand completions 'Print the completion script for a shell'
            cand man 'Print a man page'
            cand schema 'Print the JSON Schema of msvc.yaml or of a command''s JSON output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'msvc;help;new'= {
        }
        &'msvc;help;add'= {
            cand entity 'Add an entity to a service, or fields to one that it has'
            cand dependency 'Let a service of a system call another one'
        }
        &'msvc;help;add;entity'= {
        }
        &'msvc;help;add;dependency'= {
        }
        &'msvc;help;up'= {
        }
        &'msvc;help;build'= {
        }
        &'msvc;help;templates'= {
            cand show 'Show a template''s variables with their defaults'
        }
        &'msvc;help;templates;show'= {
        }
        &'msvc;help;blueprints'= {
            cand show 'Show a blueprint''s services and variables'
        }
        &'msvc;help;blueprints;show'= {
        }
        &'msvc;help;graph'= {
        }
        &'msvc;help;render'= {
        }
        &'msvc;help;diff'= {
        }
        &'msvc;help;deploy'= {
        }
        &'msvc;help;status'= {
        }
        &'msvc;help;logs'= {
        }
        &'msvc;help;events'= {
        }
        &'msvc;help;forward'= {
        }
        &'msvc;help;scale'= {
        }
        &'msvc;help;secret'= {
            cand set 'Set a key of a Secret; the value comes from standard input, or is asked for'
            cand list 'List the Secrets that the project refers to, and whether they exist'
        }
        &'msvc;help;secret;set'= {
        }
        &'msvc;help;secret;list'= {
        }
        &'msvc;help;history'= {
        }
        &'msvc;help;rollback'= {
        }
        &'msvc;help;delete'= {
        }
        &'msvc;help;ci'= {
        }
        &'msvc;help;completions'= {
        }
        &'msvc;help;man'= {
        }
        &'msvc;help;schema'= {
        }
        &'msvc;help;help'= {
        }
    ]
    $completions[$command]
}
