#!/bin/sh
# Starts the broker of docker-compose.yml. The users `watch` and `gateway` get the passwords of .env; others, added
# with mosquitto_passwd, stay. No password is ever an argument of a command, where everybody on the host could read it.
set -eu
umask 077

passwords=/mosquitto/data/passwords
fresh=/tmp/passwords
printf 'watch:%s\ngateway:%s\n' "$MQTT_WATCH_PASSWORD" "$MQTT_GATEWAY_PASSWORD" >$fresh
mosquitto_passwd -U $fresh
if [ -e $passwords ]; then
  grep -v -e '^watch:' -e '^gateway:' $passwords >>$fresh || true
fi
cp $fresh $passwords.new
mv $passwords.new $passwords
rm $fresh

# For the health check.
printf -- '-u watch\n-P %s\n' "$MQTT_WATCH_PASSWORD" >"$XDG_CONFIG_HOME/mosquitto_sub"

grep -v -e '^listener ' -e '^allow_anonymous ' /mosquitto/config/mosquitto.conf >/tmp/mosquitto.conf
cat /mosquitto/config/access.conf >>/tmp/mosquitto.conf
exec mosquitto -c /tmp/mosquitto.conf
