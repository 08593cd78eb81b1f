# Thin on purpose: each target says what it does and calls the program that does it.
# `make demo` and `make test` install what they need on Debian and Ubuntu (as root) and leave only packages and caches.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
comma := ,

.PHONY: help demo demo-up demo-check demo-down build test soak long bench-gateway bench-profile bench-micro bench-ipam bench-proxy bench-proxy-profile bench-pages crds fmt clean

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

demo: build ## two clusters with the same addresses, joined, checked, removed
	@bin/hawser demo run
	@lab/setup/remains.sh

demo-up: build ## start the demo and leave it running
	@bin/hawser demo up

demo-check: build ## every promise as a check that can fail, against a running demo
	@bin/hawser demo check

demo-down: ## end the demo and prove that nothing is left
	@bin/hawser demo down

build: ## the command line, the processes and the Kubernetes binaries
	@lab/setup/prepare.sh demo

test: ## every test
	@lab/setup/prepare.sh test
	@lab/setup/maven.sh -T2 verify
	@lab/setup/remains.sh

soak: ## two minutes of 200 tunnels a second through the proxy (in CI; an hour in `make long`)
	@lab/setup/prepare.sh test
	@lab/setup/maven.sh verify -pl api-server-proxy -am -Dhawser.long=true -Dtest=NoSuchTest -Dsurefire.failIfNoSpecifiedTests=false \
	  '-Dit.test=SoakIT#staysAsItIsForMinutes' -Dfailsafe.failIfNoSpecifiedTests=false

long: ## every test and the long ones (soaks, matrices), fuzzing, mutants, then each gate seen to fail
	@lab/setup/prepare.sh test
	@lab/setup/maven.sh verify -Dhawser.long=true
	@lab/setup/fuzz.sh
	@lab/setup/maven.sh test-compile org.pitest:pitest-maven:mutationCoverage -pl ipam -am
	@JAVA_HOME=$$(lab/setup/jdk.sh) config/gates/prove.sh

bench-gateway: ## our gateway beside the newest wireguard-go: speed, CPU, latency, memory
	@lab/setup/bench.sh gateway --rounds $(or $(ROUNDS),5) $(if $(ONLY),--only $(ONLY)) $(if $(VARIANTS),--variants $(VARIANTS))

bench-profile: ## where the time goes in our gateway and in wireguard-go, into docs/benchmarks
	@lab/setup/bench.sh gateway --profile docs/benchmarks/gateway-profile.md --variants $(if $(VARIANTS),$(VARIANTS),openssl$(comma)boringssl$(comma)wireguard-go)

bench-micro: ## what single steps of the packet path cost (JMH), into docs/benchmarks
	@lab/setup/bench.sh micro --page docs/benchmarks/micro.md $(if $(ONLY),--only $(ONLY))

bench-ipam: ## what grants, rebuilds and addresses cost in time and memory, into docs/benchmarks
	@lab/setup/bench.sh ipam --page docs/benchmarks/ipam.md --rounds $(or $(ROUNDS),5)

bench-proxy: ## our API server proxy beside squid, tinyproxy and haproxy, into docs/benchmarks
	@lab/setup/bench.sh proxy --page docs/benchmarks/proxy.md --rounds $(or $(ROUNDS),5) $(if $(ONLY),--only $(ONLY)) $(if $(VARIANTS),--variants $(VARIANTS))

bench-proxy-profile: ## where the time goes in the proxies, into docs/benchmarks
	@lab/setup/bench.sh proxy --profile docs/benchmarks/proxy-profile.md $(if $(VARIANTS),--variants $(VARIANTS))

bench-pages: ## put the last results into docs/benchmarks
	@lab/setup/bench.sh pages

crds: ## generate manifests/crds from the Java types
	@lab/setup/maven.sh test -pl crds -am -Dtest=CrdYamlTest -Dhawser.crds.write=true

fmt: ## format every source file
	@lab/setup/maven.sh spotless:apply

clean: ## remove what builds made, not the caches
	@lab/setup/maven.sh clean
