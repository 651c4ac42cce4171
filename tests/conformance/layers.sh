#!/usr/bin/env bash
# The house's rules that a grep can see: what may name what. Prints every line that breaks one.
cd "$1" || exit 2
broken=0
# rule SENTENCE PATTERN FILES…
rule() {
  local sentence=$1 pattern=$2
  shift 2
  local lines
  lines=$(grep -nE "$pattern" "$@" 2>/dev/null)
  [ -z "$lines" ] && return
  printf '%s:\n%s\n\n' "$sentence" "$lines"
  broken=1
}
mapfile -t connectors < <(find connectors -name '*.[ch]pp')
mapfile -t daemon < <(find daemon -name '*.[ch]pp')
without() { printf '%s\n' "${daemon[@]}" | grep -vE "$1"; }

rule 'connectors do no I/O, and know no clock' \
  '#include <(boost/(asio|beast)|curl|sqlite3|fstream|filesystem|iostream|unistd|sys/|thread|mutex)|(system|steady)_clock::now' "${connectors[@]}"
rule 'connectors know nothing of the daemon' '#include "daemon/' "${connectors[@]}"
rule 'only store/database.cpp names SQLite' '#include <sqlite3' $(without '^daemon/store/database.cpp')
rule 'only fetch names curl' '#include <curl' $(without '^daemon/fetch/')
rule 'only serve and fetch name Beast' '#include <boost/beast' $(without '^daemon/(serve|fetch)/')
rule 'only config knows how a configuration is written' '#include "daemon/config/(table|read|setting).hpp"' $(without '^daemon/config/')
rule 'toml++ stays in one file' '#include <toml' $(without '^daemon/config/toml.cpp')
rule 'CLI11 stays in one file' '#include <CLI' $(without '^daemon/main.cpp')
rule 'store knows nothing above it' '#include "daemon/(collect|serve|report|run|fetch|commands)' daemon/store/*
rule 'fetch knows only the configuration' '#include "daemon/(collect|serve|report|run|store|commands)' daemon/fetch/*
rule 'serve and collect stand side by side' '#include "daemon/(collect|run|commands)' daemon/serve/*
rule 'report knows only store and the configuration' '#include "daemon/(collect|serve|fetch|run|commands)' daemon/report/*
rule 'no capturing lambda and no aggregate in a co_await' 'co_await [^;]*(\[[&=a-z][^]]*\] *(\(|\{|->|mutable)|\( *\{|[A-Z][A-Za-z]*\{[^}])' "${daemon[@]}"
rule 'no SQL is built from strings' '(Query|run)\([^;]*"(SELECT|INSERT|UPDATE|DELETE)[^;]*" *\+' "${daemon[@]}"
exit $broken
