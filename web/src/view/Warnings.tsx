// What is worth saying about a question that was answered all the same: names that no data has mentioned.

import { Alert } from 'antd'

export function Warnings({ of }: { of: { warnings: { message: string }[] } | undefined }) {
  if (!of || of.warnings.length === 0) return null
  const messages = [...new Set(of.warnings.map(({ message }) => message))]
  return <Alert type="warning" showIcon title={messages.join(' · ')} />
}
