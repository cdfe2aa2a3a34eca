#!/bin/sh
# Makes or refreshes the broker's users and what each may do. Import the
# definitions first. One import of JSON on standard input, so that no password
# is seen among the processes or lies in a file.
#
#   PORTAL_PASSWORD WORKER_PASSWORD KEEPER_PASSWORD OPERATOR_PASSWORD   needed
#   VHOST        tekseru unless set
#   RABBITMQCTL  rabbitmqctl unless set
set -eu

vhost=${VHOST:-tekseru}
case $vhost in
*[!A-Za-z0-9._-]* | '') echo "VHOST: letters, digits and . _ - only" >&2; exit 2 ;;
esac

# they stand in JSON here and in URLs later, where nothing else needs escaping
for name in PORTAL WORKER KEEPER OPERATOR; do
    eval "password=\${${name}_PASSWORD:-}"
    case $password in
    *[!A-Za-z0-9._~-]* | '') echo "${name}_PASSWORD: needed, of letters, digits and . _ ~ -" >&2; exit 2 ;;
    esac
done

# user NAME PASSWORD TAG
user() { printf '{"name":"%s","password":"%s","tags":"%s"}' "$@"; }

# permission USER WRITE READ; nobody configures: all is made by the definitions
permission() {
    printf '{"user":"%s","vhost":"%s","configure":"^$","write":"%s","read":"%s"}' "$1" "$vhost" "$2" "$3"
}

${RABBITMQCTL:-rabbitmqctl} --quiet import_definitions <<END
{"users":[
 $(user portal "$PORTAL_PASSWORD" ''),
 $(user worker "$WORKER_PASSWORD" ''),
 $(user keeper "$KEEPER_PASSWORD" ''),
 $(user operator "$OPERATOR_PASSWORD" monitoring)
],
"permissions":[
 $(permission portal '^intake$' '^verdicts[.]portal$'),
 $(permission worker '^(work|retry[.][^.]+|dead|verdicts)$' '^work[.]'),
 $(permission keeper '^(work|dead|verdicts)$' '^(dead|unrouted)$'),
 $(permission operator '^work$' '^(dead|unreadable)$')
]}
END
