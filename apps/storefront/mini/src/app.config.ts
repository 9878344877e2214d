import { folderOf, MAIN, PAGE_NAMES, placeOf, SUBPACKAGES, TABS } from '../../src/platform/mini/places.ts'

const [first] = TABS
const rest = PAGE_NAMES.filter((name) => folderOf(name) === MAIN && name !== first.page)
const subpackages = SUBPACKAGES.map((root) => ({
  root,
  pages: PAGE_NAMES.filter((name) => folderOf(name) === root).map((name) => `${name}/index`),
})).filter(({ pages }) => pages.length > 0)

export default defineAppConfig({
  pages: [first.page, ...rest].map(placeOf),
  subpackages,
  // where the next tap leads is fetched before it is tapped
  preloadRule: {
    [placeOf('cart')]: { network: 'all', packages: ['trade'] },
    [placeOf('detail')]: { network: 'all', packages: ['trade'] },
    [placeOf('orders')]: { network: 'all', packages: ['trade'] },
    [placeOf('me')]: { network: 'wifi', packages: subpackages.map(({ root }) => root) },
  },
  lazyCodeLoading: 'requiredComponents',
  darkmode: true,
  themeLocation: 'theme.json',
  __usePrivacyCheck__: true,
  requiredPrivateInfos: ['chooseAddress', 'chooseLocation'],
  window: {
    backgroundTextStyle: '@backgroundText' as 'dark',
    backgroundColor: '@page',
    navigationBarBackgroundColor: '@bar',
    navigationBarTextStyle: '@barText' as 'black',
    navigationBarTitleText: '掌柜',
  },
  tabBar: {
    color: '@tab',
    selectedColor: '@tabChosen',
    backgroundColor: '@bar',
    borderStyle: '@line' as 'black',
    list: TABS.map(({ page, text }) => ({
      pagePath: placeOf(page),
      text,
      iconPath: `@${page}Icon`,
      selectedIconPath: `@${page}IconChosen`,
    })),
  },
})
