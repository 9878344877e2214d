import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { namedRoutesOnly } from './build/named-routes.ts'
import { styleRules } from './build/style-rules.ts'

const from = (path: string) => resolve(import.meta.dirname, path)

const SHARED =
  /node_modules\/preact\/|apps\/storefront\/src\/(app|routes|page|hooks\/web|kit\/(?!mini|web\/(?:fields|markup|video))[\w/-]+|platform\/web\/(index|history|overlay|send)|model\/(use-pages|texts|cart|cart-count|block-link|viewed|first-screen)|parts\/(service|recommendations|countdown|stars|late|use-act|use-price-change)|web\/(?!events)[\w-]+)\.tsx?$|packages\/contract\/(src\/(client|money)|generated\/routes)\.ts$/

export default defineConfig(({ isSsrBuild }) => ({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [namedRoutesOnly(from('src')), ...(isSsrBuild ? [] : [styleRules()])],
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
    // one style sheet: the server puts what a page shows of it into the page, the rest comes after the first paint
    cssCodeSplit: false,
    assetsInlineLimit: 4096,
    rolldownOptions: isSsrBuild
      ? { output: { entryFileNames: 'entry.js', codeSplitting: false } }
      : {
          input: from('src/web/client.tsx'),
          // what every page needs is one file: each file more costs a slow phone a round trip
          // the table of files is part of it: a name as well as a hash of each would be a fiftieth of what a phone fetches;
          // seven characters of a hash are enough for 512 files
          output: {
            chunkFileNames: 'assets/[hash:7].js',
            codeSplitting: { groups: [{ name: 'shared', test: SHARED }] },
          },
        },
  },
}))
