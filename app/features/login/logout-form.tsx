import { Form } from '@remix-run/react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** Asks before it logs out, for visitors who open the address itself. */
export function LogoutForm() {
  const { t } = useTranslation();
  return (
    <section className="notice-page" aria-labelledby="logout-title">
      <h1 id="logout-title">{t('logout.title')}</h1>
      <p>{t('logout.question')}</p>
      <Form method="post">
        <Button type="primary" htmlType="submit">
          {t('logout.submit')}
        </Button>
      </Form>
    </section>
  );
}
