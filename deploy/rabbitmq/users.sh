#!/bin/sh
# Creates or updates the broker's users and their permissions. Import the
# definitions first. Everything is one import of JSON on standard input, so that
# no password appears in the process list or in a file.
#
#   PORTAL_PASSWORD WORKER_PASSWORD MAINTENANCE_PASSWORD OPERATOR_PASSWORD   required
#   VHOST        default: tekseru
#   RABBITMQCTL  default: rabbitmqctl
set -eu

vhost=${VHOST:-tekseru}
case $vhost in
*[!A-Za-z0-9._-]* | '') echo "VHOST: letters, digits and . _ - only" >&2; exit 2 ;;
esac

# passwords are used in JSON here and in URLs later; these characters need no escaping in either
for name in PORTAL WORKER MAINTENANCE OPERATOR; do
    eval "password=\${${name}_PASSWORD:-}"
    case $password in
    *[!A-Za-z0-9._~-]* | '') echo "${name}_PASSWORD: required; letters, digits and . _ ~ - only" >&2; exit 2 ;;
    esac
done

# user NAME PASSWORD TAG
user() { printf '{"name":"%s","password":"%s","tags":"%s"}' "$@"; }

# permission USER WRITE READ; no user may configure: the definitions create everything
permission() {
    printf '{"user":"%s","vhost":"%s","configure":"^$","write":"%s","read":"%s"}' "$1" "$vhost" "$2" "$3"
}

${RABBITMQCTL:-rabbitmqctl} --quiet import_definitions <<END
{"users":[
 $(user portal "$PORTAL_PASSWORD" ''),
 $(user worker "$WORKER_PASSWORD" ''),
 $(user maintenance "$MAINTENANCE_PASSWORD" ''),
 $(user operator "$OPERATOR_PASSWORD" monitoring)
],
"permissions":[
 $(permission portal '^intake$' '^verdicts[.]portal$'),
 $(permission worker '^(work|retry[.][^.]+|dead|verdicts)$' '^work[.]'),
 $(permission maintenance '^(work|dead|verdicts)$' '^(dead|unrouted)$'),
 $(permission operator '^work$' '^(dead|unreadable)$')
]}
END
