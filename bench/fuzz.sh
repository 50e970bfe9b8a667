#!/bin/sh
# Feeds made-up bytes to what reads foreign input, built with the address sanitizer, until FUZZ_SECONDS (600) are over for each target:
#   manifest   manifests and Jobs in YAML and JSON, down to defaults and validation
#   intervals  texts of index ranges, strict and lenient, and status writes that hold them
#   replies    the byte stream of Redis, cut into replies, and what the broker makes of them
#   scalars    quantities, times, label selectors, names
#   selectors  the label and field selectors of lists
#   patches    merge, strategic and JSON patches, and server-side apply
#   protobuf   request bodies in protobuf
# Shows how often each ran and how much of its code; a finding (crash, broken rule, leak, more than 5 s or 2 GB) makes it exit with 1, with
# the line that repeats it. What was learnt stays in .build-fuzz/corpus for the next time.
# Needs: Swift, clang, libhiredis-dev, zlib1g-dev, jq; the packages of a `swift build` or `swift package resolve`.
# Usage: bench/fuzz.sh [TARGET...]
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-600}
root=$PWD
out=$root/.build-fuzz
mkdir -p "$out"
# Else a crash waits for a debugger.
export SWIFT_BACKTRACE=enable=no
# Tables of the program are reached in ways that look like leaks; what C allocates is watched.
echo leak:swift_slowAlloc >"$out/leaks"
export LSAN_OPTIONS="suppressions=$out/leaks:print_suppressions=0"
yams=$root/.build/checkouts/Yams/Sources
flags="-swift-version 6 -enable-upcoming-feature ExistentialAny -O -g -enable-testing -parse-as-library -profile-generate -profile-coverage-mapping"
flags="$flags -I $out -I $yams/CYaml/include -I $root/Sources/CHiredis"
# The compiler's own, as others do not read what it writes.
tools=$(dirname "$(readlink -f "$(command -v swiftc)")")

# A module of files, with the instruments of the sanitizers $2: compile NAME SANITIZERS FILE...
compile() {
    name=$1 sanitizers=$2
    shift 2
    # shellcheck disable=SC2086 # flags are words
    swiftc $flags -sanitize="$sanitizers" -wmo -module-name "$name" -emit-module -emit-module-path "$out/$name.swiftmodule" \
        -emit-object -o "$out/$name.o" "$@"
}

build() {
    for file in "$yams"/CYaml/src/*.c; do
        "$tools/clang" -O1 -g -fsanitize=fuzzer-no-link,address -DYAML_DECLARE_STATIC -I "$yams/CYaml/include" -c "$file" \
            -o "$out/yaml-$(basename "$file" .c).o"
    done
    compile Yams address -swift-version 5 -DSWIFT_PACKAGE -suppress-warnings "$yams"/Yams/*.swift
    compile BatchAPI fuzzer,address "$root"/Sources/BatchAPI/*/*.swift
    compile Broker fuzzer,address "$root"/Sources/Broker/*.swift "$root"/Sources/Broker/*/*.swift
    redis=$root/Sources/Redis
    compile Redis fuzzer,address "$redis/ReplyDecoder.swift" "$redis/RedisValue.swift" "$redis/RedisError.swift"
    # The decoders that stand beside calls, which would need a whole connection.
    {
        printf 'import BatchAPI\nimport Broker\nimport Redis\n'
        sed -n '/^extension BrokerError {/,/^}/p; /^extension NodeNews {/,/^}/p' "$root/Sources/RedisBroker/RedisBroker.swift"
        sed -n '/^extension LogPart {/,/^}/p' "$root/Sources/RedisBroker/LogRelayCalls.swift"
    } >"$out/Decoders.swift"
    compile RedisBroker fuzzer,address "$root/Sources/RedisBroker/Reply.swift" "$root/Sources/RedisBroker/JobCache.swift" "$out/Decoders.swift"
    api=$root/Sources/KubernetesAPI
    # shellcheck disable=SC2046 # files are words
    compile KubernetesAPI fuzzer,address "$api"/Patches/*.swift "$api"/Selectors/*.swift "$api"/Protobuf/*.swift "$api"/Errors/*.swift \
        "$api"/Apply/*.swift $(ls "$api"/Request/*.swift | grep -v /PodBody) "$api/Discovery/Catalog.swift" "$api/Discovery/ReviewKinds.swift" "$api/OpenAPI/OpenAPIKinds.swift"
    for target in $targets; do
        # shellcheck disable=SC2086 # flags are words
        swiftc $flags -sanitize=fuzzer,address -module-name "fuzz_$target" "$root/bench/fuzz/$target.swift" "$out"/*.o -lhiredis -lz -use-ld=lld \
            -o "$out/fuzz-$target"
    done
}

# What the targets begin with, in seeds/TARGET, and the words that texts are made of.
seed() {
    rm -rf "$out/seeds"
    mkdir -p "$out/seeds/manifest" "$out/seeds/intervals" "$out/seeds/replies" "$out/seeds/scalars" "$out/seeds/selectors" \
        "$out/seeds/patches" "$out/seeds/protobuf"
    cp "$root"/deploy/examples/*.yaml "$out/seeds/manifest/"
    fixtures=$root/Tests/BatchAPITests/Fixtures
    {
        jq -c '.[] | .request, .body' "$fixtures/created-jobs.json"
        jq -c '.[] | .request' "$fixtures/refused-jobs.json"
        jq -c '.[]' "$fixtures/stored-jobs.json"
        jq -c . "$root"/Tests/KubernetesAPITests/Fixtures/pods/*.json
    } | grep '^{' | split -l 1 -a 4 - "$out/seeds/manifest/job-"
    cat >"$out/seeds/manifest/anchors" <<-'END'
	a: &a {kind: Job, apiVersion: batch/v1}
	b: [*a, {<<: *a}, 0x1F, 1e3, ~, !!str 5]
	---
	{"kind":"List","apiVersion":"v1","items":[]}
	END
    cat >"$out/seeds/manifest/parts" <<-'END'
	{"kind":"Job","apiVersion":"batch/v1","metadata":{"generateName":"a\ud83d\ude00","managedFields":[{"fieldsV1":{"f:a":[{}]}}]},
	"spec":{"template":{"spec":{"restartPolicy":"OnFailure","hostAliases":[{"ip":"1.2.3.4","hostnames":["h"]}],
	"containers":[{"name":"c","image":"i","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['a']"}}},
	{"name":"B","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}},
	{"name":"C","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"envFrom":[{"prefix":"P","configMapRef":{"name":"m"}}],
	"volumeMounts":[{"name":"v","mountPath":"/v","subPathExpr":"$(A)"}],"lifecycle":{"preStop":{"sleep":{"seconds":1}}},
	"livenessProbe":{"httpGet":{"port":"p","path":"/"},"terminationGracePeriodSeconds":1}}],
	"volumes":[{"name":"v","projected":{"sources":[{"configMap":{"name":"m","items":[{"key":"k","path":"../p","mode":511}]}},
	{"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}},{"serviceAccountToken":{"path":"t"}}]}},
	{"name":"h","hostPath":{"path":"/a/..","type":"File"}},{"name":"e","emptyDir":{"sizeLimit":"1.5Gi"}},
	{"name":"n","ephemeral":{"volumeClaimTemplate":{"spec":{"resources":{"requests":{"storage":"1e3"}}}}}},
	{"name":"r","rbd":{"image":"i","monitors":["m"]}},{"name":"i","iscsi":{"lun":1.5}}]}}}}
	END
    printf 'kind: Secret\napiVersion: v1\nmetadata: {name: s}\ndata: {a: aGVsbG8=, b: !!float 1}\n' >"$out/seeds/manifest/secret"

    # The tests' texts, after the byte that stands for completions.
    grep -oh '"[0-9x][0-9,x-]*"' "$root/Tests/BatchAPITests/IndexRangesTests.swift" | tr -d '"' | sort -u | while read -r text; do
        printf '\12%s' "$text" >"$out/seeds/intervals/$text"
    done
    printf '\0400-2,4,6-9|3,5' >"$out/seeds/intervals/two"

    replies=$out/seeds/replies
    printf '\7$5\r\nhello\r\n:42\r\n+OK\r\n-ERR no\r\n$-1\r\n*-1\r\n*0\r\n' >"$replies/kinds"
    printf '\3*2\r\n*2\r\n:1\r\n$1\r\na\r\n*1\r\n*1\r\n*0\r\n' >"$replies/nested"
    printf '\20*8\r\n$1\r\nG\r\n$3\r\nuid\r\n:7\r\n:0\r\n:9\r\n$3\r\npod\r\n$4\r\npuid\r\n$3\r\nrev\r\n' >"$replies/short-claim"
    printf '\20*9\r\n$1\r\nG\r\n$3\r\nuid\r\n:7\r\n:0\r\n:9\r\n$3\r\npod\r\n$4\r\npuid\r\n$3\r\nrev\r\n:0\r\n' >"$replies/claim"
    printf '\20*8\r\n:7\r\n:6\r\n$7\r\ncreated\r\n$5\r\n12345\r\n$5\r\nindex\r\n$1\r\n3\r\n$8\r\nmetadata\r\n$2\r\n{}\r\n' >"$replies/pod"
    printf '\20*6\r\n:7\r\n:4\r\n$8\r\ndeletion\r\n:1\r\n$5\r\ngrace\r\n:9223372036854775807\r\n' >"$replies/deletion"
    printf '\20*3\r\n$44\r\n{"metadata":{"name":"j"},"spec":{"suspend":1}}\r\n$2\r\n{}\r\n$1\r\n1\r\n' >"$replies/job"
    printf '\20*5\r\n:2\r\n$4\r\nlate\r\n:5\r\n$4\r\nkept\r\n:0\r\n' >"$replies/numbers"
    printf '\20*2\r\n$14\r\nstop|uid|7|30\r\n$60\r\nlogs|{"id":"i","job":"j","pod":"p","token":1,"follow":true}  \r\n' >"$replies/news"

    for text in 1.5Gi 100m 12e-1 0.3n -2k 9223372036854775807 2026-11-23T09:50:38.123Z 1969-12-31T23:59:59.9+05:30 \
        '{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"a","operator":"NotIn","values":["c"]}]}' example.com/label_1; do
        printf %s "$text" >"$out/seeds/scalars/$(printf %s "$text" | cksum | cut -d ' ' -f 1)"
    done

    for text in 'a=b,c!=d,e in (f,g),h notin (i),j,!k' 'app == x , tier' 'example.com/l in ()' 'metadata.name=p,status.phase!=Running' \
        'spec.nodeName=n' 'involvedObject.name=a,type=Warning' 'status.successful=1'; do
        printf %s "$text" >"$out/seeds/selectors/$(printf %s "$text" | cksum | cut -d ' ' -f 1)"
    done

    patches=$out/seeds/patches
    printf 'm{"spec":{"suspend":true,"parallelism":null},"metadata":{"labels":{"a":null,"c":"d"}}}' >"$patches/merge"
    printf 's{"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"A","$patch":"delete"},{"name":"B","value":"2"}]}],"$setElementOrder/containers":[{"name":"c"}]}}}}' \
        >"$patches/strategic"
    printf 's{"metadata":{"$deleteFromPrimitiveList/finalizers":["x"],"$retainKeys":["name"]},"spec":{"$patch":"replace"}}' >"$patches/directives"
    printf 'j[{"op":"test","path":"/spec/parallelism","value":2},{"op":"add","path":"/metadata/labels/x~1y","value":"1"},{"op":"move","from":"/metadata/labels/a","path":"/metadata/annotations"},{"op":"copy","from":"/spec","path":"/metadata/finalizers/-"},{"op":"remove","path":"/metadata/finalizers/0"},{"op":"replace","path":"","value":{}}]' \
        >"$patches/json"
    printf 'a{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"parallelism":3,"template":{"spec":{"containers":[{"name":"c","image":"k"}]}}}}' >"$patches/apply"
    printf 'a{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"}}\0{"metadata":{"managedFields":[{"manager":"m","operation":"Apply","apiVersion":"batch/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:parallelism":{}}}}]},"spec":{"parallelism":1}}' \
        >"$patches/managed"

    at=0
    for file in protobuf-bodies protobuf-every-field; do
        for body in $(jq -r '.[].body' "$root/Tests/KubernetesAPITests/Fixtures/$file.json"); do
            at=$((at + 1))
            printf %s "$body" | base64 -d >"$out/seeds/protobuf/$at"
        done
    done

    {
        grep -oh '"[A-Za-z]\{2,\}"' "$root"/Sources/BatchAPI/*/*.swift | sort -u
        printf '"%s"\n' '---' '...' '<<: ' '&a ' '*a' '!!str ' '!!int ' '? ' '|-' '>+' '\x0a- ' '\x0a  ' '\xc3\xa9' 'e\xcc\x81' \
            '\\u0000' '\\ud800' 1e308 -9223372036854775808 9223372036854775807 2147483648 0x7f 100m 2Ei true null
    } >"$out/manifest.dict"
    printf '"%s"\n' 9223372036854775807 -9223372036854775808 9223372036854775808 2147483647 '-' ',' '|' '+1' '0-' >"$out/intervals.dict"
    {
        grep -oh 'fields\["[a-zA-Z]*"\]\|(time\|value)("[a-zA-Z]*")' "$root/Sources/RedisBroker/Reply.swift" | grep -o '"[a-zA-Z]*"' | sort -u
        printf '"%s"\n' '\x0d\x0a' '*-1\x0d\x0a' '$-1\x0d\x0a' '*2\x0d\x0a' ':-1\x0d\x0a' '$1\x0d\x0aG\x0d\x0a' \
            ':9223372036854775807\x0d\x0a' ':-9223372036854775808\x0d\x0a' 9223372036854775807 '*1000000000\x0d\x0a' 'logs|' 'stop|'
    } >"$out/replies.dict"
    printf '"%s"\n' Ki Mi Ei E e+ e-1000 9223372036854775807 00000000000000000000 T Z +23:59 -23:59 matchLabels matchExpressions key operator values \
        In NotIn Exists DoesNotExist >"$out/scalars.dict"
    printf '"%s"\n' ' in ' ' notin ' '==' '!=' '=' '!' ',' '(' ')' metadata.name metadata.namespace status.phase spec.nodeName status.successful \
        involvedObject.kind type reason '\x5c\x5c,' >"$out/selectors.dict"
    {
        printf '"%s"\n' '\x00' '$patch' delete replace merge '$deleteFromPrimitiveList/' '$setElementOrder/' '$retainKeys' '~0' '~1' '/-' f: k: v: . \
            managedFields fieldsV1 fieldsType FieldsV1 manager operation Apply Update op add move copy test replace remove from path
        grep '^"[a-z]' "$out/manifest.dict" | head -400
    } >"$out/patches.dict"
    printf '"%s"\n' 'k8s\x00' '\x0a\x00' '\x12\x00' '\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01' '\x0b' '\x0c' '\x0d' Job Pod batch/v1 >"$out/protobuf.dict"
}

# The share of the lines of files that a target ran: lines TARGET FILE...
lines() {
    target=$1
    shift
    "$tools/llvm-profdata" merge -o "$out/$target.profdata" "$out/$target.profraw" 2>/dev/null || return 0
    "$tools/llvm-cov" report "$out/fuzz-$target" -instr-profile="$out/$target.profdata" "$@" 2>/dev/null | awk '$1 == "TOTAL" { print "lines " $10 }'
}

# Runs one target, which reads texts up to a length and is about some files; what it says stands in TARGET.log.
run() {
    target=$1 length=$2
    shift 2
    mkdir -p "$out/corpus/$target" "$out/findings/$target"
    code=0
    LLVM_PROFILE_FILE=$out/$target.profraw "$out/fuzz-$target" "$out/corpus/$target" "$out/seeds/$target" \
        -dict="$out/$target.dict" -max_total_time="$seconds" -max_len="$length" -timeout=5 -rss_limit_mb=2000 \
        -artifact_prefix="$out/findings/$target/" -print_final_stats=1 >"$out/$target.log" 2>&1 || code=$?
    awk -v target="$target" -v code="$code" -v lines="$([ "$code" -ne 0 ] || lines "$target" "$@")" '
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
        /^stat::number_of_executed_units/ { runs = $2 }
        /^stat::average_exec_per_sec/ { rate = $2 }
        /^stat::peak_rss_mb/ { memory = $2 }
        END {
            printf "%-9s %9d runs  %6d/s  edges %5d  %s  %4d MB  %s\n", target, runs, rate, edges, lines, memory,
                code ? "FOUND" : "nothing found"
        }' "$out/$target.log"
    [ "$code" -eq 0 ] && return
    found=1
    awk '/Fatal error|^SUMMARY|^==.*ERROR/ { print "  " $0 } /runtime failure/ { print; getline; print }' "$out/$target.log" | head -8
    file=$(sed -n 's/.*Test unit written to //p' "$out/$target.log" | tail -1)
    echo "  repeat: SWIFT_BACKTRACE=enable=no $out/fuzz-$target $file"
}

targets=${*:-manifest intervals replies scalars selectors patches protobuf}
found=0
build
seed
api=$root/Sources/BatchAPI
for target in $targets; do
    case $target in
    manifest)
        run manifest 8192 "$api/Manifest" "$api/Schema" "$api/Defaults" "$api/Validation" "$api/Objects/PodFacts.swift" \
            "$api/Values/JSONParser.swift" "$api/Values/JSONScalars.swift" "$api/Values/ValueWriter.swift"
        ;;
    intervals) run intervals 256 "$api/Values/IndexRanges.swift" ;;
    replies) run replies 2048 "$root/Sources/Redis" "$root/Sources/RedisBroker" "$out/Decoders.swift" ;;
    scalars)
        run scalars 256 "$api/Values/Quantity.swift" "$api/Values/QuantityParser.swift" "$api/Values/Timestamp.swift" \
            "$api/Objects/LabelSelector.swift" "$api/Validation/NameRules.swift" "$api/Manifest/YAMLScalars.swift"
        ;;
    selectors) run selectors 256 "$root/Sources/KubernetesAPI/Selectors" "$api/Objects/LabelSelector.swift" ;;
    patches) run patches 4096 "$root/Sources/KubernetesAPI/Patches" "$root/Sources/KubernetesAPI/Apply" ;;
    protobuf) run protobuf 2048 "$root/Sources/KubernetesAPI/Protobuf" ;;
    esac
done
exit "$found"
