import { useEffect, useState } from 'preact/hooks';

/** Whether anybody can see the view: its page is in front, and it is not scrolled away in the conversation. */
export function useVisible(): boolean {
  const [isInFront, setInFront] = useState(document.visibilityState === 'visible');
  const [isOnScreen, setOnScreen] = useState(true);
  useEffect(() => {
    const look = () => setInFront(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    const observer = new IntersectionObserver((entries) => setOnScreen(entries.at(-1)!.isIntersecting));
    observer.observe(document.documentElement);
    return () => {
      document.removeEventListener('visibilitychange', look);
      observer.disconnect();
    };
  }, []);
  return isInFront && isOnScreen;
}
