#!/usr/bin/env bash
# Builds the real engines once into a cache outside the checkout: the Pulumi CLI, the Node.js language host and
# kube-apiserver from their Go modules, and the CRDs that the objects are held against. Prints the cache folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${FREEHOLD_ENGINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/freehold/engine}
mkdir -p "$cache/crds"

build() { # folder, package, binary
  local stamp="$cache/$3.mod"
  if [ -x "$cache/$3" ] && cmp -s "$here/$1/go.mod" "$stamp"; then return; fi
  echo "building $3 from source (minutes, once)" >&2
  # A copy, because the Go tool completes go.mod with what the module itself requires.
  local work; work=$(mktemp -d)
  cp "$here/$1"/* "$work/"
  (cd "$work" && go build -mod=mod -o "$cache/$3" "$2" >&2)
  rm -rf "$work"
  cp "$here/$1/go.mod" "$stamp"
}

build pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi pulumi
build host github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs pulumi-language-nodejs
build apiserver . kube-apiserver

crds() { # module, version, folder inside, pattern
  local marker="$cache/crds/$(echo "$1@$2" | tr '/@' '__')"
  if [ -d "$marker" ]; then return; fi
  echo "fetching CRDs of $1 $2" >&2
  local dir; dir=$(cd / && GOFLAGS=-mod=mod go mod download -json "$1@$2" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  mkdir -p "$marker.tmp"
  find "$dir/$3" -maxdepth 1 -name "$4" -exec cp {} "$marker.tmp/" \;
  chmod -R u+w "$marker.tmp"
  mv "$marker.tmp" "$marker"
}

crds sigs.k8s.io/karpenter v1.14.1 pkg/apis/crds '*.yaml'
crds github.com/aws/karpenter-provider-aws v1.14.1 pkg/apis/crds '*.yaml'
crds github.com/kedacore/keda/v2 v2.20.2 config/crd/bases 'keda.sh_*.yaml'
crds github.com/prometheus-operator/prometheus-operator v0.85.0 example/prometheus-operator-crd 'monitoring.coreos.com_p*.yaml'
echo "$cache"
