package dev.limpet.cluster.cli.heap;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node small that runs without chosen JVM flags, by flags that can be set at run time. A
 * JVM begins with a 64th of the machine's memory as heap, and start-up touches much of it; most is
 * garbage once the node is ready. The maximum under load stays as it was. Stateless.
 */
public final class HeapTrimmer {

  private static final Logger LOG = LoggerFactory.getLogger(HeapTrimmer.class);

  /** By then the JVM's compilers have finished, and freed, most of the work of start-up. */
  public static final int SETTLED_MILLIS = 15_000;

  private static final Map<String, String> TIGHT =
      Map.of("MinHeapFreeRatio", "20", "MaxHeapFreeRatio", "30");

  private HeapTrimmer() {}

  /**
   * Sets the properties Netty reads when it initializes. Call before Netty is used, and after
   * logging is set up.
   */
  public static void prepare() {
    // Its events would load the flight recorder into each process, recording or not.
    if (System.getProperty("io.netty.jfr.enabled") == null) {
      System.setProperty("io.netty.jfr.enabled", "false");
    }
  }

  /** Returns the memory start-up has needed; takes some tens of milliseconds. */
  public static void shrink() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null) {
      return;
    }
    try {
      collectTightly(jvm);
    } catch (IllegalArgumentException e) {
      LOG.debug("this JVM's heap does not shrink on demand", e);
    }
    trim();
  }

  /** The ratios hold for this collection alone, so that a heap under load is sized as ever. */
  private static void collectTightly(HotSpotDiagnosticMXBean jvm) {
    String min = jvm.getVMOption("MinHeapFreeRatio").getValue();
    String max = jvm.getVMOption("MaxHeapFreeRatio").getValue();
    jvm.setVMOption("MinHeapFreeRatio", TIGHT.get("MinHeapFreeRatio"));
    jvm.setVMOption("MaxHeapFreeRatio", TIGHT.get("MaxHeapFreeRatio"));
    System.gc();
    jvm.setVMOption("MaxHeapFreeRatio", max);
    jvm.setVMOption("MinHeapFreeRatio", min);
  }

  /** Returns memory freed by the compilers to the system, where the C library keeps it. */
  public static void trim() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              null,
              null);
    } catch (JMException e) {
      LOG.debug("this JVM does not trim its native heap", e);
    }
  }
}
