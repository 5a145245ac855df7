// Lints the OpenAPI document with the recommended rules; any error fails.
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core'

const ref = process.argv[2] ?? '../docs/openapi.json'
const config = await createConfig({ extends: ['recommended'], rules: { 'operation-4xx-response': 'warn' } })
const problems = await lint({ ref, config })
const totals = getTotals(problems)
formatProblems(problems, { format: 'stylish', totals, version: 'openapi-core' })
console.log(`${ref}: ${totals.errors} errors, ${totals.warnings} warnings`)
if (totals.errors > 0) process.exitCode = 1
