import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'src/kernel/api-types.ts', '**/components.d.ts', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'no-useless-assignment': 'off' }, // it does not see the template
  },
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off', // the type check knows better
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'vue/multi-word-component-names': 'off', // parts are named noun + suffix; ui parts may be one noun
      'vue/prop-name-casing': 'off', // units in names: max_bytes, as in the API
      'vue/require-default-prop': 'off', // optional props are typed as optional
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/no-v-html': 'error',
    },
  },
  { files: ['scripts/**', 'tests/**'], rules: { 'no-console': 'off' } },
  {
    files: ['src/ui/**', 'src/kernel/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['element-plus*', 'vant*', '@/features/*', '@/shells/*'] }],
    },
  },
  prettier,
)
