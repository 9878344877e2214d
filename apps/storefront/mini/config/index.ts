import path from 'node:path'
import { defineConfig } from '@tarojs/cli'
import { writeEntries } from './entries'

const here = (...parts: string[]) => path.resolve(__dirname, '..', ...parts)
const storefront = here('../src')
const packages = here('../../../packages')

writeEntries(here('src'))

export default defineConfig<'webpack5'>({
  projectName: 'zhanggui-mini',
  date: '2026-11-23',
  designWidth: 375,
  deviceRatio: { 375: 2, 640: 1.17, 750: 1, 828: 0.905 },
  sourceRoot: 'src',
  outputRoot: 'dist/weapp',
  framework: 'react',
  compiler: 'webpack5',
  cache: { enable: false },
  plugins: [],
  // the tab bar's icons are named by the theme, where Taro does not look for files
  copy: { patterns: [{ from: 'src/assets', to: 'dist/weapp/assets' }], options: {} },
  defineConstants: {
    API_ORIGIN: JSON.stringify(process.env.ZHANGGUI_API ?? 'http://127.0.0.1:8080'),
    SHOP: JSON.stringify(process.env.ZHANGGUI_SHOP ?? 'demo'),
  },
  // the same pages as on the web, on the other kit and platform; hooks and JSX from React 18
  alias: {
    '@kit': path.join(storefront, 'kit/mini/index.ts'),
    '@platform': path.join(storefront, 'platform/mini/index.ts'),
    '@hooks': path.join(storefront, 'hooks/mini.ts'),
    '@model': path.join(storefront, 'model'),
    '@zhanggui/contract/client': path.join(packages, 'contract/src/client.ts'),
    '@zhanggui/contract/theme': path.join(packages, 'contract/src/theme.ts'),
    '@zhanggui/contract/money': path.join(packages, 'contract/src/money.ts'),
    '@zhanggui/contract/invoice-head': path.join(packages, 'contract/src/invoice-head.ts'),
    '@zhanggui/contract/mini-scene': path.join(packages, 'contract/src/mini-scene.ts'),
    '@zhanggui/tracker': path.join(packages, 'tracker/src/index.ts'),
  },
  mini: {
    compile: { include: [(file: string) => file.startsWith(storefront) || file.startsWith(packages)] },
    postcss: { pxtransform: { enable: true, config: {} }, cssModules: { enable: false } },
    webpackChain(chain) {
      // sources outside of this package must find this package's React, not the console's
      chain.resolve.modules.clear().add(here('node_modules'))
    },
  },
})
