#!/usr/bin/env bash
# How long `msvc new` takes, against cargo-generate with an equal template: the very files that msvc writes, with
# the service's name as the variable. Both make a git repository; msvc also commits.
source "$(dirname "$0")/lib.sh"
need hyperfine cargo-generate git
need_msvc

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost

# The template: every file that names the service has a placeholder instead; the others are copied as they are.
"$msvc" -q new orders --yes --no-git --into "$work/made" >/dev/null
mv "$work/made/orders" "$work/template"
rm -rf "$work/template/.msvc"
cd "$work/template"
named=$(grep -rlw orders . | grep -v '^./.github/' | sed 's|^\./||')
sed -i 's/\borders\b/{{project-name}}/g' $named
{
    echo '[template]'
    echo 'include = ['
    sed 's/.*/    "&",/' <<<"$named"
    echo ']'
} >cargo-generate.toml
cd - >/dev/null

mine="$msvc -q new orders --yes --into $work/out"
theirs="cargo-generate generate --silent --path $work/template --name orders --destination $work/out"
# Moved away, not deleted: ext4 is slow to give out inodes that were freed a moment ago, whoever asks.
prepare="sh -c 'mkdir -p $work/out && mv $work/out $work/gone-\$\$ && mkdir $work/out'"
for _ in $(seq "$rounds"); do
    milliseconds 10 "$prepare" "$mine" >>"$work/mine"
    milliseconds 10 "$prepare" "$theirs" >>"$work/theirs"
done
mine=$(median <"$work/mine")
theirs=$(median <"$work/theirs")
echo "msvc new: $mine ms"
echo "cargo-generate: $theirs ms, $(ratio "$theirs" "$mine") times msvc"
