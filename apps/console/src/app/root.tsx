import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { StrictMode, useLayoutEffect } from 'react'
import { RouterProvider } from 'react-router/dom'
import { locale } from '../i18n/index.ts'
import { queryClient } from '../kit/api.ts'
import { router } from './router.tsx'
import { antdTheme, applyPalette } from './theme.ts'
import { useMode } from './theme-mode.ts'

if (locale() === 'zh') dayjs.locale('zh-cn')

/** Everything around the screens: theme by the user's choice or the system's setting, language, data, routes. */
export function Root() {
  const mode = useMode()
  useLayoutEffect(() => applyPalette(mode), [mode])
  return (
    <StrictMode>
      <ConfigProvider
        theme={antdTheme(mode)}
        locale={locale() === 'en' ? enUS : zhCN}
        button={{ autoInsertSpace: false }}
        modal={{ mask: { blur: false } }}
        drawer={{ mask: { blur: false } }}
      >
        <App message={{ maxCount: 3 }}>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </App>
      </ConfigProvider>
    </StrictMode>
  )
}
