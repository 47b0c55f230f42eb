#!/usr/bin/env bash
# Makes the envelopes of this folder with OpenSSL and coreutils alone, so that nothing of what reads them had a part in
# it: ./make.sh (OpenSSL 3, writes beside itself). Keys are new every time, so all files change together.
set -euo pipefail
cd "$(dirname "$0")"
openssl genpkey -algorithm ed25519 -out ed25519.key 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.key 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key 2>/dev/null
for key in ed25519 p256 p384; do openssl pkey -in $key.key -pubout -out $key.pub; done

# envelope NAME KEY STATEMENT: signs "DSSEv1 SP LEN(type) SP type SP LEN(body) SP body"
envelope() {
    local type=application/vnd.in-toto+json digest=()
    printf '%s' "$3" >body
    printf 'DSSEv1 %d %s %d %s' ${#type} "$type" "$(wc -c <body)" "$3" >pae
    [ "$2" = ed25519 ] || digest=(-digest sha256)
    openssl pkeyutl -sign -rawin "${digest[@]}" -inkey "$2.key" -in pae -out sig
    printf '{"payloadType":"%s","payload":"%s","signatures":[{"keyid":"","sig":"%s"}]}\n' \
        "$type" "$(base64 -w0 <body)" "$(base64 -w0 <sig)" >"$1.json"
    rm body pae sig
}

sha() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }
subject() { printf '"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"api.zip","digest":{"sha256":"%s"}}]' "$1"; }

release=$(sha 'the release')
envelope tests-passed ed25519 "{$(subject "$release"),\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\",\"predicate\":{\"result\":\"PASSED\",\"configuration\":[{\"name\":\"pom.xml\"}],\"passedTests\":[\"a\",\"b\"],\"warnedTests\":[],\"failedTests\":[]}}"
envelope tests-failed ed25519 "{$(subject "$release"),\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\",\"predicate\":{\"result\":\"FAILED\",\"passedTests\":[\"a\"],\"failedTests\":[\"b\"]}}"
envelope scan-clean p256 "{$(subject "$(sha 'api.zip')"),\"predicateType\":\"https://in-toto.io/attestation/vulns/v0.1\",\"predicate\":{\"scanner\":{\"uri\":\"pkg:github/aquasecurity/trivy\",\"result\":[]},\"metadata\":{\"scanFinishedOn\":\"2026-11-20T09:30:00Z\"}}}"
envelope verified p256 "{$(subject "$release"),\"predicateType\":\"https://slsa.dev/verification_summary/v1\",\"predicate\":{\"verifier\":{\"id\":\"https://verify.acme.net\"},\"timeVerified\":\"2026-11-21T13:00:00+01:00\",\"verificationResult\":\"PASSED\"}}"
envelope unknown-type ed25519 "{$(subject "$release"),\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{}}"
rm ./*.key
