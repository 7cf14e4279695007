/**
 * Decides whether a node that has joined may say that it is ready: each check looks at one thing
 * that has to be true, and says in a sentence what is wrong.
 *
 * <p>Reads only. One thread of its own asks the owners of copies, since the answer takes a while;
 * all else is asked when somebody asks for readiness. The root of the cluster makes it.
 */
@NullMarked
package dev.limpet.cluster.readiness;

import org.jspecify.annotations.NullMarked;
