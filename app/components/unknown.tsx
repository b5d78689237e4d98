import { useTranslation } from 'react-i18next';

/** Stands for what is not known: a dash, told in words to those who listen. Never a zero. */
export function Unknown() {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true">—</span>
      <span className="visually-hidden">{t('vocabulary.notKnown')}</span>
    </>
  );
}
