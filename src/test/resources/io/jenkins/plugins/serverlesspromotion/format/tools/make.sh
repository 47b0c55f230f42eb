#!/usr/bin/env bash
# Makes the output of the real tools anew; see README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
moto=
trap 'if [ -n "$moto" ]; then kill "$moto"; fi; rm -rf "$work"' EXIT
export AWS_ACCESS_KEY_ID=fixture AWS_SECRET_ACCESS_KEY=fixture AWS_DEFAULT_REGION=eu-west-1
export SAM_CLI_TELEMETRY=0 SLS_TELEMETRY_DISABLED=1 SLS_NOTIFICATIONS_MODE=off SLS_INTERACTIVE_SETUP_ENABLE=0

cp -r "$here"/sam "$here"/serverless "$here"/cdk "$work"
rm -rf "$work"/sam/.aws-sam "$work"/sam/packaged.yaml "$work"/serverless/.serverless "$work"/cdk/cdk.out

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q 'aws-sam-cli==1.170.0' 'moto[server]==5.2.5'
mkdir "$work/node"
(cd "$work/node" && npm init -y >/dev/null \
    && npm install --silent serverless@3.40.0 aws-cdk@2.1148.1 aws-cdk-lib@2.276.0 constructs@10.8.1)

cd "$work/sam"
"$work/venv/bin/sam" build
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$work/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >/dev/null 2>&1 &
moto=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done
export AWS_ENDPOINT_URL=http://127.0.0.1:$port
"$work/venv/bin/python" -c 'import boto3; boto3.client("s3").create_bucket(
    Bucket="acme-sam", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})'
"$work/venv/bin/sam" package --s3-bucket acme-sam --s3-prefix orders --output-template-file packaged.yaml
unset AWS_ENDPOINT_URL

cd "$work/serverless"
"$work/node/node_modules/.bin/serverless" package

cd "$work/cdk"
ln -s "$work/node/node_modules" node_modules
node_modules/.bin/cdk synth --quiet

# What is of this machine, or large and read by nobody.
rm "$work"/sam/.aws-sam/build.toml
sed -i "s#$work/##g" "$work"/serverless/.serverless/*.json
cd "$work/cdk/cdk.out"
rm -f tree.json validation-report.json ./*.metadata.json
python3 - <<'PY'
import json

with open("manifest.json") as file:
    manifest = json.load(file)
for name, artifact in list(manifest["artifacts"].items()):
    if artifact["type"] in ("cdk:tree", "cdk:feature-flag-report"):
        del manifest["artifacts"][name]
    artifact.pop("additionalMetadataFile", None)
with open("manifest.json", "w") as file:
    json.dump(manifest, file, indent=2)
    file.write("\n")
PY

rm -rf "$here"/sam/.aws-sam "$here"/serverless/.serverless "$here"/cdk/cdk.out
cp -r "$work"/sam/.aws-sam "$work"/sam/packaged.yaml "$here/sam/"
cp -r "$work"/serverless/.serverless "$here/serverless/"
cp -r "$work"/cdk/cdk.out "$here/cdk/"
if grep -rl "$work" "$here"; then
    echo "a path of this machine is left" >&2
    exit 1
fi
