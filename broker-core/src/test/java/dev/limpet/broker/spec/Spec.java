package dev.limpet.broker.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The normative statements a test proves, by their numbers in each specification: {@code @Spec(v3 =
 * "MQTT-3.1.0-2", v5 = "MQTT-3.1.0-2")}. The two number differently, so both are named. The test
 * has to fail when the broker breaks the statement.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Spec {
  /** Numbers in MQTT 3.1.1. */
  String[] v3() default {};

  /** Numbers in MQTT 5.0. */
  String[] v5() default {};
}
