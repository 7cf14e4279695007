/** Whom the publications of one topic go to, kept until a subscription changes. Sends nothing. */
@NullMarked
package dev.limpet.broker.routing.plan;

import org.jspecify.annotations.NullMarked;
