package dev.limpet.cluster.cli.start;

import java.util.List;

/**
 * Sets when the JVM's second compiler compiles a method, on a machine with few cores. There it uses
 * half of them in the first minute, while methods wait for it in slow, profiled code: so it takes a
 * method after twenty times the default number of calls, which a loaded node reaches in seconds and
 * an idle one may never. Measured in {@code docs/decisions/start-up.md}. Stateless.
 */
public final class CompilerFlags {

  /** With more, it finds a core of its own. */
  static final int FEW_CORES = 4;

  private static final List<String> LATER =
      List.of(
          "-XX:Tier4InvocationThreshold=100000",
          "-XX:Tier4MinInvocationThreshold=12000",
          "-XX:Tier4CompileThreshold=300000",
          "-XX:Tier4BackEdgeThreshold=800000");

  private CompilerFlags() {}

  /**
   * The JVM's flags; none where there are cores enough.
   *
   * @param cores of the machine, or those a container may use
   */
  public static List<String> forCores(int cores) {
    return cores <= FEW_CORES ? LATER : List.of();
  }
}
