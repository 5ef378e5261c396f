#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-certs.sh DIR: a certificate authority of the test's own, and what it signed: good (localhost, 127.0.0.1), wronghost, expired; and
# selfsigned, which nobody signed.  Each as NAME.pem and NAME.key.
set -e
cd "${1:?usage: make-certs.sh DIR}"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -keyout ca.key -out ca.pem -subj "/CN=Test CA" \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
mkdir db && : >db/index && echo 01 >db/serial
cat >ca.conf <<END
[ca]
default_ca = own
[own]
database = db/index
serial = db/serial
new_certs_dir = db
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
END
sign() { # name, alternative names, first day, last day
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" \
    -addext "subjectAltName=$2" -addext extendedKeyUsage=serverAuth 2>/dev/null
  openssl ca -batch -config ca.conf -in "$1.csr" -out "$1.pem" -startdate "$3" -enddate "$4" -notext 2>/dev/null
}
names=DNS:localhost,IP:127.0.0.1
begin=$(date -u -d yesterday +%Y%m%d%H%M%SZ)
finish=$(date -u -d "30 days" +%Y%m%d%H%M%SZ)
sign good "$names" "$begin" "$finish"
sign wronghost DNS:other.example.test "$begin" "$finish"
sign expired "$names" 20200101000000Z 20210101000000Z
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -keyout selfsigned.key -out selfsigned.pem \
  -subj "/CN=localhost" -addext "subjectAltName=$names" 2>/dev/null
chmod 644 ./*.key
