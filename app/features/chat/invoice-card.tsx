import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ChatInvoice } from '#server/contracts/chat.ts';

/** An invoice with its Pay button, and what became of pressing it. */
export function InvoiceCard({ invoice: { title, description, stars, status, errorMessage } }: { invoice: ChatInvoice }) {
  const { t } = useTranslation();
  const isOpen = status !== 'paid' && status !== 'checking';
  return (
    <div className="bubble-text">
      <strong>{title}</strong>
      <p>{description}</p>
      {status === 'refused' && <Alert type="error" role="alert" title={errorMessage ?? ''} />}
      {status === 'timed_out' && <Alert type="error" role="alert" title={t('chat.payTimedOut')} />}
      {isOpen ? (
        <Button type="primary" htmlType="submit" name="pay" value="1">
          {t('chat.pay', { stars })}
        </Button>
      ) : (
        <p>{t(status === 'paid' ? 'chat.invoicePaid' : 'chat.paying')}</p>
      )}
    </div>
  );
}
