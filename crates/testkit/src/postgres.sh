# Runs one PostgreSQL server for one test binary. Arguments: folder of the PostgreSQL programs, its settings for durability.
# Reads a password and a port from stdin; says `ready FOLDER` when the server answers, `failed` with its log when it
# does not. Lives until stdin ends, which happens however the test binary ends, and leaves nothing behind.
set -u
bin=$1
settings=$2
read -r password || exit 1
exec 3<&0
umask 077
# The server ends even when this script is killed outright (its folder then stays).
with_me=
if setpriv --pdeathsig QUIT true 2>/dev/null; then with_me='setpriv --pdeathsig QUIT'; fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/youju-test-pg.XXXXXX") || { echo 'failed: no temporary folder'; exit 1; }
cd "$dir" || exit 1
server=
leave() {
    if [ -n "$server" ]; then
        kill -QUIT "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    cd / && rm -rf "$dir"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
fail() {
    echo "failed: $1; $(tail -n 5 "$dir/log" 2>/dev/null | tr '\n' ' ')"
    exit 1
}
printf '%s\n' "$password" >"$dir/password"
"$bin/initdb" --pgdata="$dir/data" --username=youju --pwfile="$dir/password" --auth=password --locale=C \
    --encoding=UTF8 --no-sync --no-instructions >"$dir/log" 2>&1 </dev/null || fail initdb
# A port that looked free may be taken a moment later: the reader sends another one.
while read -r port; do
    $with_me "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        $settings -c wal_level=minimal -c max_wal_senders=0 \
        -c max_connections=400 -c shared_buffers=64MB -c max_wal_size=2GB -c timezone=UTC \
        >>"$dir/log" 2>&1 </dev/null &
    server=$!
    while kill -0 "$server" 2>/dev/null; do
        if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -d postgres; then
            echo "ready $dir"
            exec >/dev/null
            # In the background, so that a signal is answered at once and not when `cat` ends.
            cat <&3 &
            wait $!
            exit 0
        fi
        sleep 0.05
    done
    server=
    echo taken
done
fail 'the server did not start'
