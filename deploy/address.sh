# Sourced: `address URL` takes the password out of a database address. PGPASSWORD gets it, `$address` the rest, which
# may stand on a command line, where every user of the machine can read it.
address() {
    address=$1
    if [[ $1 =~ ^([a-z]+://[^:@/]+):([^@]*)@(.*)$ ]]; then
        printf -v PGPASSWORD '%b' "${BASH_REMATCH[2]//%/\\x}"
        export PGPASSWORD
        address=${BASH_REMATCH[1]}@${BASH_REMATCH[3]}
    fi
}
query() { psql -X -qAt -v ON_ERROR_STOP=1 -d "$address" "$@"; }
