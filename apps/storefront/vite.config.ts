import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const from = (path: string) => resolve(import.meta.dirname, path)

/**
 * The typed client knows every route of the contract. Buyers call a third of them, so the addresses of the back
 * office stay out of the page they download.
 */
const buyerRoutesOnly: Plugin = {
  name: 'buyer-routes-only',
  transform(code, id) {
    if (!id.endsWith('/contract/generated/routes.ts')) return
    return { code: code.replace(/^ +'(?:console|platform|staff|wechat|auth\.staff\w*)[^\n]*\n/gm, ''), map: null }
  },
}

const SHARED =
  /node_modules\/preact\/|apps\/storefront\/src\/(app|routes|page|hooks\/web|kit\/(?!mini)[\w/-]+|platform\/web\/(index|history|overlay|send|pay)|model\/(use-pages|texts|cart-count|searches|block-link)|web\/[\w-]+)\.tsx?$|packages\/contract\/(src\/(client|money)|generated\/routes)\.ts$/

export default defineConfig(({ isSsrBuild }) => ({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [buyerRoutesOnly],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: '@hooks', replacement: from('src/hooks/web.ts') },
      { find: '@kit', replacement: from('src/kit/web/index.ts') },
      { find: '@platform', replacement: from('src/platform/web/index.ts') },
      { find: /^@model\//, replacement: `${from('src/model')}/` },
    ],
  },
  ssr: { noExternal: true },
  build: {
    outDir: 'dist/client',
    target: 'es2020',
    manifest: !isSsrBuild,
    modulePreload: { polyfill: false },
    // one style sheet: the server puts it into the page, so that the first paint waits for nothing
    cssCodeSplit: false,
    assetsInlineLimit: 4096,
    rolldownOptions: isSsrBuild
      ? { output: { entryFileNames: 'entry.js', codeSplitting: false } }
      : {
          input: from('src/web/client.tsx'),
          // what every page needs is one file: each file more costs a slow phone a round trip
          output: { codeSplitting: { groups: [{ name: 'shared', test: SHARED }] } },
        },
  },
}))
