package planning

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Voice is how a brand speaks on a network: what makes the communication of one
// channel differ from another's. Codes become text through the catalogue.
type Voice struct {
	Network sosyal.Network `json:"network"`
	// Register is the way of speaking: a code such as "close", "expert", "brief".
	Register string `json:"register"`
	// Length is about how many characters a text should have, links aside.
	Length int `json:"length"`
	// Hashtags is how many to use at most.
	Hashtags int `json:"hashtags"`
	// Call is what a text asks for: a code such as "save", "reply", "visit".
	Call string `json:"call"`
}

//go:embed data/voices.json
var standardVoices string

// StandardVoices returns editorial defaults for the networks that the module
// knows. They are advice, not limits of the networks (those are in
// calendar/network); a brand replaces them with its own.
func StandardVoices() ([]Voice, error) { return ReadVoices(strings.NewReader(standardVoices)) }

// ReadVoices reads {"voices":[...]}.
func ReadVoices(r io.Reader) ([]Voice, error) {
	var raw struct {
		Voices []Voice `json:"voices"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, sosyal.FieldError{Field: "voices", Rule: "must be a table of voices: " + err.Error()}
	}
	var p sosyal.Problems
	for i, v := range raw.Voices {
		field := fmt.Sprintf("voices[%d]", i)
		p.Require(v.Network != "", field+".network", "is required", "")
		p.Require(v.Register != "", field+".register", "is required", "")
		p.Require(v.Call != "", field+".call", "is required", "")
		p.Require(v.Length > 0, field+".length", "must be positive", fmt.Sprint(v.Length))
		p.Require(v.Hashtags >= 0, field+".hashtags", "must not be negative", fmt.Sprint(v.Hashtags))
	}
	return raw.Voices, p.Err()
}

// voiceOf returns the network's voice, or a plain one.
func voiceOf(voices []Voice, n sosyal.Network) Voice {
	for _, v := range voices {
		if v.Network == n {
			return v
		}
	}
	return Voice{Network: n, Register: "clear", Length: 250, Hashtags: 2, Call: "visit"}
}
