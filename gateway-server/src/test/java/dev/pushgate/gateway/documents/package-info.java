/// What README and docs promise, held against what there is: their samples are run.
@NullMarked
package dev.pushgate.gateway.documents;

import org.jspecify.annotations.NullMarked;
