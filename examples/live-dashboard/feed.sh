#!/usr/bin/env bash
# Publishes the figures of a made-up shop to the channel `figures`, once a second, until it is stopped:
#
#   PUSHGATE_SECRET_KEY=sec_… ./feed.sh
#
# PUSHGATE_URL is the gateway's address, FEED_PAUSE the seconds between figures; a number ends it after so many.
set -euo pipefail

url=${PUSHGATE_URL:-http://localhost:8080}
count=${1:-0}
: "${PUSHGATE_SECRET_KEY:?is not set: the gateway printed a sec_ key at its first start}"

# post PATH JSON [more for curl]: prints the answer's body, and behind it its status.
post() {
  local path=$1 json=$2
  shift 2
  curl --silent --max-time 5 --write-out '\n%{http_code}' "$url$path" --data "$json" \
    -H "Authorization: Bearer $PUSHGATE_SECRET_KEY" -H 'Content-Type: application/json' "$@"
}

# Declared, its messages are on disk before anybody hears of them, and its numbers go on after a crash.
answer=$(post /api/v1/channels '{"name":"Figures","slug":"figures"}') || {
  echo "no gateway at $url" >&2
  exit 1
}
case ${answer##*$'\n'} in
  201 | 409) ;; # made, or there already
  *)
    echo "the channel cannot be declared: $answer" >&2
    exit 1
    ;;
esac

visitors=120 orders=0 revenue=0
for ((n = 1; count == 0 || n <= count; n++)); do
  visitors=$((visitors + RANDOM % 21 - 10))
  ((visitors >= 0)) || visitors=0
  sold=$((RANDOM % 3))
  orders=$((orders + sold))
  revenue=$((revenue + sold * (20 + RANDOM % 60)))
  message="{\"channel\":\"figures\",\"data\":{\"visitors\":$visitors,\"orders\":$orders,\"revenue\":$revenue}}"
  # The same key on every try of these figures: a lost answer does not publish them twice.
  if answer=$(post /api/v1/publish "$message" -H "Idempotency-Key: figures-$$-$SECONDS-$n" \
    --retry 3 --retry-all-errors --retry-delay 1); then
    [[ ${answer##*$'\n'} == 201 ]] || echo "refused: $answer" >&2
  else
    echo "not published: the gateway is away" >&2
  fi
  sleep "${FEED_PAUSE:-1}"
done
