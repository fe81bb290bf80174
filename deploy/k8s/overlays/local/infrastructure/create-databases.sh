#!/bin/sh
# Runs once, on an empty volume: for each service a database that only its own login may enter.
set -eu
for name in billingdb catalogdb inventorydb notificationsdb orderingdb paymentsdb searchdb storefrontdb usersdb; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
    CREATE ROLE $name LOGIN PASSWORD '$POSTGRES_PASSWORD';
    CREATE DATABASE $name OWNER $name;
    REVOKE ALL ON DATABASE $name FROM PUBLIC;
SQL
done
