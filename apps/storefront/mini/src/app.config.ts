export default defineAppConfig({
  pages: ['pages/home/index', 'pages/detail/index'],
  lazyCodeLoading: 'requiredComponents',
  window: {
    backgroundTextStyle: 'dark',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    navigationBarTitleText: '掌柜',
  },
})
