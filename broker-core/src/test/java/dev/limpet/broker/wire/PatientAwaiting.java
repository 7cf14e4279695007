package dev.limpet.broker.wire;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets the tests of all modules wait as long for a condition as for an answer: on a machine that is
 * busy with other things, ten seconds are little. Stateless.
 */
public final class PatientAwaiting implements LauncherSessionListener {
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(WAIT_MAX);
  }
}
