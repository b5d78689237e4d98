import { Form, Link, useNavigation } from '@remix-run/react';
import { Alert, Button, Card } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../components/field.tsx';
import type { FormResult } from './form-faults.ts';
import { useFaultText } from './use-fault-text.ts';

export interface CredentialsCardProps {
  readonly title: string;
  readonly intro: string;
  readonly password: { readonly label: string; readonly hint?: string; readonly autoComplete: 'current-password' | 'new-password' };
  readonly submit: { readonly label: string; readonly pendingLabel: string };
  readonly result: FormResult | undefined;
  /** Hidden fields. */
  readonly children: ReactNode;
}

/** A card that asks for an e-mail address and a password. */
export function CredentialsCard({ title, intro, password, submit, result, children }: CredentialsCardProps) {
  const { t } = useTranslation();
  const describe = useFaultText();
  const isSubmitting = useNavigation().formMethod === 'POST';
  const hint = password.hint === undefined ? {} : { hint: password.hint };
  return (
    <Card className="credentials">
      <h1>{title}</h1>
      <p className="credentials-intro">{intro}</p>
      {result?.error && (
        <Alert
          type="error"
          role="alert"
          title={t(`auth.${result.error}`)}
          action={result.error === 'ownerExists' ? <Link to="/login">{t('nav.logIn')}</Link> : undefined}
        />
      )}
      <Form method="post" noValidate>
        {children}
        <Field
          label={t('login.email')}
          error={describe(result?.faults.email)}
          input={{ name: 'email', type: 'email', autoComplete: 'username', required: true, defaultValue: result?.email }}
        />
        <Field
          label={password.label}
          {...hint}
          error={describe(result?.faults.password)}
          input={{ name: 'password', type: 'password', autoComplete: password.autoComplete, required: true }}
        />
        <Button type="primary" htmlType="submit" size="large" block aria-disabled={isSubmitting}>
          {isSubmitting ? submit.pendingLabel : submit.label}
        </Button>
      </Form>
    </Card>
  );
}
