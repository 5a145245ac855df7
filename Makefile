# The commands of this repository. `make` lists them; each is a script under scripts/ that says what it does.

.DEFAULT_GOAL := help
.PHONY: help demo check test bless bench clean-demo

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## build what is missing, serve the demo city [YOUJU_LISTEN=127.0.0.1:8080 YOUJU_DATA=data/demo SCALE=county]
	@exec scripts/demo

check: ## the inner loop: format, clippy, house rules, tests on SQLite, web unit tests
	@exec scripts/check

test: ## everything, on both engines and in the browser; installs what the tests need
	@exec scripts/test

bless: ## make generated files and snapshots again
	@exec scripts/bless

bench: ## the benchmarks of docs/benchmarks.md (optimised build, takes long)
	cargo bench --workspace

clean-demo: ## delete the demo city in data/demo
	rm -rf data/demo
