import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.ZHANGGUI_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    // ECharts alone, loaded only with a chart, is larger than Vite's default warning.
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/files': server,
      '/ws': { target: server, ws: true },
    },
  },
})
